// The examples in the README run.

import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { runReadmeExamples } from "../../../tests/support/readme-examples.js";
import { buildSiteAssets } from "../../../tests/support/site.js";

const PACKAGE = fileURLToPath(new URL("..", import.meta.url));

beforeAll(buildSiteAssets, 60_000);

test("the README's examples run", async () => {
  await expect(runReadmeExamples(PACKAGE)).resolves.toBeUndefined();
});
