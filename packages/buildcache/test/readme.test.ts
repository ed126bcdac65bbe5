// The examples in the README run.

import { fileURLToPath } from "node:url";
import { afterEach, expect, test, vi } from "vitest";
import { runReadmeExamples } from "../../../tests/support/readme-examples.js";
import { fixtureLayout } from "./support/image.js";

const PACKAGE = fileURLToPath(new URL("..", import.meta.url));

afterEach(() => vi.unstubAllEnvs());

test("the README's examples run", async () => {
  vi.stubEnv("SPACK_OCI_CACHE", "off");
  await expect(runReadmeExamples(PACKAGE, { location: fixtureLayout.name })).resolves.toBeUndefined();
});
