// The example of docs/library.md, run on the buildcache that Spack wrote.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, vi } from "vitest";
import { fixture } from "../support/fixtures.js";
import { scratchDirectory } from "../support/scratch.js";

const PAGE = readFileSync(fileURLToPath(new URL("../../docs/library.md", import.meta.url)), "utf8");

it("installs a package with its dependencies", async () => {
  const root = join(scratchDirectory("readme"), "software");
  const [, example = ""] = /^```ts\n(.*?)^```$/ms.exec(PAGE) ?? [];
  const code = example
    .replace("oci://ghcr.io/mochi-hpc/mochi-spack-buildcache", `oci-layout:${fixture("oci-layout-main")}`)
    .replace("/opt/software", root)
    .replace("mofka", "json-c-lite");
  expect(code).toContain(root);
  // Below dist, from where package names resolve, and which Git and linters ignore.
  const dist = fileURLToPath(new URL("../dist", import.meta.url));
  mkdirSync(dist, { recursive: true });
  const directory = mkdtempSync(join(dist, "readme-"));
  const errors = vi.spyOn(console, "error").mockReturnValue();
  vi.stubEnv("SPACK_ENV", undefined);
  try {
    writeFileSync(join(directory, "example.ts"), code);
    await import(join(directory, "example.ts"));
    expect(errors.mock.calls.filter(([event]) => typeof event === "string")).toEqual([]);
    const installed = readdirSync(join(root, "linux-x86_64_v3"));
    expect(installed).toContainEqual(expect.stringMatching(/^json-c-lite-0\.18-/));
  } finally {
    errors.mockRestore();
    vi.unstubAllEnvs();
    rmSync(directory, { recursive: true });
  }
});
