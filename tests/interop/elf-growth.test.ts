// To Spack, programs and libraries that spack-oci has grown look like those that it grows itself with patchelf.

import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { extractSampleStore } from "../../scripts/sample-store.mjs";
import { spackOci } from "../support/command-line.js";
import { fixture, readJson } from "../support/fixtures.js";
import { scratchDirectory } from "../support/scratch.js";
import { shortRoot } from "./support/short-root.js";
import { describeWithSpack, Spack } from "./support/spack.js";
import { describeWithTools } from "./support/tool.js";

type Database = { database: { installs: Record<string, { path?: string; spec: { name: string } }> } };

const FILES = {
  "interp-lite": ["bin/lite-sh", "bin/lua", "bin/node", "bin/php"],
  "json-c-lite": ["lib/libjson-c.so.5.3.0"],
};

/** Relocates the first files like an install, and describes both those and the others. */
const SCRIPT = `
import json, sys
import spack.relocate
from spack.hooks.drop_redundant_rpaths import drop_redundant_rpaths
from spack.util.elf import parse_elf
old, new, moved, others = json.load(open(sys.argv[1]))
spack.relocate.relocate_elf_binaries(moved, {old: new})
def describe(path):
    with open(path, "rb") as f:
        elf = parse_elf(f, interpreter=True, dynamic_section=True)
    interpreter = elf.pt_interp_str.decode() if elf.has_pt_interp else None
    needed = [name.decode() for name in elf.dt_needed_strs] if elf.has_needed else []
    return [elf.dt_rpath_str.decode(), interpreter, needed]
for path in moved:
    drop_redundant_rpaths(path)
print(json.dumps([[describe(path) for path in paths] for paths in (moved, others)]))
`;

describeWithSpack("grown ELF files", () => {
  describeWithTools("patchelf")("and files that Spack grew with patchelf", () => {
    const scratch = scratchDirectory("a-rather-longer-install-root-than-the-producer");
    const store = "/linux-x86_64_v3/";
    let prefixes: Map<string, string>;

    beforeAll(async () => {
      const args = [...Object.keys(FILES), "--root", `${scratch}/opt`, "--padded-length", "160", "--json"];
      const run = await spackOci(["pull", `oci-layout:${fixture("oci-layout-main")}`, ...args]);
      expect(run).toMatchObject({ status: 0 });
      const { pulled } = run.json<{ pulled: { name: string; prefix: string }[] }>();
      prefixes = new Map(pulled.map(({ name, prefix }) => [name, prefix]));
    });

    it("look the same to Spack", async () => {
      extractSampleStore();
      const { installs } = readJson<Database>("producer/spack-db-index.json").database;
      const pairs = Object.entries(FILES).flatMap(([name, files]) => {
        const original = Object.values(installs).find(({ spec }) => spec.name === name)?.path ?? "";
        return files.map((file) => ({
          original: join(original, file),
          ours: join(prefixes.get(name) ?? "", file),
        }));
      });
      const theirs = pairs.map(({ original }, index) => {
        const copy = join(scratch, `theirs-${index}`);
        copyFileSync(original, copy);
        return copy;
      });
      const [old, root] = [pairs[0]?.original, pairs[0]?.ours].map((path) => path?.split(store)[0]);
      const [script, request] = [join(scratch, "describe.py"), join(scratch, "request.json")];
      writeFileSync(script, SCRIPT);
      const asked = JSON.stringify([old, root, theirs, pairs.map(({ ours }) => ours)]);
      writeFileSync(request, asked);
      const spack = await Spack.create({ root: shortRoot() });
      const told = await spack.do("-c", "bootstrap:enable:true", "python", script, request);
      const [moved, others] = JSON.parse(told.trim().split("\n").at(-1) ?? "");
      expect(others).toEqual(moved);
      expect(others.every(([runPath]: [string]) => runPath.startsWith(`${root}${store}`))).toBe(true);
      expect(
        theirs.every((copy, index) => !readFileSync(copy).equals(readFileSync(pairs[index]?.original ?? ""))),
      ).toBe(true);
    });
  });
});
