// A damaged table of processors is an error that names its file.

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { scratchDirectory } from "../../../../tests/support/scratch.js";
import { hostTarget } from "../../src/host/microarchitecture.js";
import { readTableFile } from "../../src/host/read-archspec.js";

const generic = { from: [], vendor: "generic", features: [] };

it.each([
  "",
  "{",
  "null",
  "[]",
  "{}",
  '{"microarchitectures": []}',
  '{"microarchitectures": {"x86_64": null}}',
  '{"microarchitectures": {"x86_64": {"from": null, "vendor": "generic", "features": []}}}',
  JSON.stringify({ microarchitectures: { a: { ...generic, from: ["b"] }, b: { ...generic, from: ["a"] } } }),
])("rejects %s", (text) => {
  expect(() => readTableFile(text, "/some/file")).toThrow(
    expect.objectContaining({ code: "ERR_ARCHSPEC", kind: "corrupt", place: "/some/file" }),
  );
});

it("accepts processors with common ancestors", () => {
  const microarchitectures = {
    x86_64: generic,
    v2: { ...generic, from: ["x86_64"] },
    v3: { ...generic, from: ["x86_64", "v2"] },
  };
  expect(readTableFile(JSON.stringify({ microarchitectures }), "/x")).toEqual({ microarchitectures });
});

it("is what a damaged Spack ends with", () => {
  const root = scratchDirectory("archspec");
  const file = join(root, "lib/spack/spack/vendor/archspec/json/cpu/microarchitectures.json");
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, "{");
  expect(() => hostTarget(root)).toThrow(expect.objectContaining({ code: "ERR_ARCHSPEC", place: file }));
});
