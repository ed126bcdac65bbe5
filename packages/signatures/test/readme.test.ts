// The examples in the README run.

import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { runReadmeExamples } from "../../../tests/support/readme-examples.js";

const PACKAGE = fileURLToPath(new URL("..", import.meta.url));

test("the README's examples run", async () => {
  await expect(runReadmeExamples(PACKAGE)).resolves.toBeUndefined();
});
