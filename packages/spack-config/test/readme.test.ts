// The examples in the README run, with an instance in SPACK_ROOT.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test, vi } from "vitest";
import { runReadmeExamples } from "../../../tests/support/readme-examples.js";
import { scratchDirectory } from "../../../tests/support/scratch.js";

const PACKAGE = fileURLToPath(new URL("..", import.meta.url));

/** An instance with a mirror and nothing else. */
function makeInstance(): string {
  const root = scratchDirectory("instance");
  mkdirSync(join(root, "lib/spack/spack"), { recursive: true });
  writeFileSync(join(root, "lib/spack/spack/__init__.py"), '__version__ = "1.2.0.dev0"\n');
  mkdirSync(join(root, "etc/spack/defaults"), { recursive: true });
  writeFileSync(join(root, "etc/spack/defaults/include.yaml"), "include: []\n");
  writeFileSync(join(root, "etc/spack/mirrors.yaml"), "mirrors:\n  m: oci://registry.example.org/cache\n");
  return root;
}

test("the README's examples run", async () => {
  vi.stubEnv("SPACK_ROOT", makeInstance());
  vi.stubEnv("SPACK_ENV", undefined);
  try {
    await expect(runReadmeExamples(PACKAGE)).resolves.toBeUndefined();
  } finally {
    vi.unstubAllEnvs();
  }
});
