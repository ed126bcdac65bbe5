// Spec files are read from disk, as JSON and as YAML.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseSpec, textOf } from "@spack-oci/spack-spec";
import { expect, it } from "vitest";
import { scratchDirectory } from "../../../../tests/support/scratch.js";
import { readFixture } from "../../../../tests/support/spack-fixtures.js";
import { readSpecFile } from "../../src/environment/spec-file.js";

const hash = "cd2e4nf3k3sw2czder5ycghwcpmmvl4k";
const text = readFixture(`spack-1.2/producer/specs/margo-lite-0.18.3-${hash}.spec.json`);

it.each(["margo.json", "margo.yaml"])("reads the spec in %s", (name) => {
  const path = join(scratchDirectory("spec-file"), name);
  // JSON is YAML, too.
  writeFileSync(path, text);
  expect(textOf(parseSpec(path, { readSpecFile }))).toBe(`margo-lite@0.18.3/${hash}`);
});

it.each([
  ["./x.json", "x.json"],
  ["/no/such/file.json", "/no/such/file.json"],
])("rejects the missing file %s like Spack", (path, named) => {
  expect(() => parseSpec(path, { readSpecFile })).toThrow(`No such spec file: '${named}'`);
});
