// A package is installed if its prefix contains its spec.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { isInstalled } from "../../src/store/installed.js";
import { readInstalledSpec } from "../../src/store/installed-spec.js";
import { temporaryDirectory } from "../support/temporary.js";

const HASH = "rogqmjw524gfubqwri2yjqrbv3hqem3w";
const OTHER = "wsmd6trlo5u3gk3wyrevhvxk7k3otgry";
const SPEC = JSON.stringify({
  spec: { _meta: { version: 5 }, nodes: [{ name: "z", version: "1", hash: HASH }] },
});

/** A prefix with this `.spack/spec.json`. */
function prefixWith(text: string): string {
  const prefix = temporaryDirectory();
  mkdirSync(join(prefix, ".spack"));
  writeFileSync(join(prefix, ".spack/spec.json"), text);
  return prefix;
}

describe("isInstalled", () => {
  it("compares the hash in the prefix", async () => {
    const prefix = prefixWith(SPEC);
    expect(await isInstalled(prefix, HASH)).toBe(true);
    expect(await isInstalled(prefix, OTHER)).toBe(false);
  });

  it("is false for a damaged spec, an empty prefix, a file and a missing prefix", async () => {
    const damaged = prefixWith(SPEC.slice(0, 20));
    const empty = temporaryDirectory();
    for (const path of [damaged, empty, join(damaged, ".spack/spec.json"), `${empty}-missing`]) {
      expect(await isInstalled(path, HASH)).toBe(false);
    }
  });
});

describe("readInstalledSpec", () => {
  it("reads the spec of a prefix", async () => {
    expect((await readInstalledSpec(prefixWith(SPEC), HASH)).root.name).toBe("z");
  });

  it("rejects the spec of another package", async () => {
    await expect(readInstalledSpec(prefixWith(SPEC), OTHER)).rejects.toMatchObject({
      code: "ERR_SPEC_MISMATCH",
      kind: "conflict",
    });
  });

  it("reports a missing file with its path", async () => {
    const prefix = temporaryDirectory();
    await expect(readInstalledSpec(prefix, HASH)).rejects.toMatchObject({
      code: "ERR_SPEC_FILE",
      kind: "not-found",
      place: join(prefix, ".spack/spec.json"),
    });
  });
});
