// The example in the README runs.

import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { runReadmeExamples } from "../../../tests/support/readme-examples.js";

const PACKAGE = fileURLToPath(new URL("..", import.meta.url));

test("the README's example runs", async () => {
  await expect(runReadmeExamples(PACKAGE)).resolves.toBeUndefined();
});
