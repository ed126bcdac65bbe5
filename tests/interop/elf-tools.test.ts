// binutils, patchelf and the dynamic loader accept relocated ELF files.

import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { openStore } from "@spack-oci/spack-store";
import { beforeAll, expect, it } from "vitest";
import { extractSampleStore } from "../../scripts/sample-store.mjs";
import { spackOci } from "../support/command-line.js";
import { fixture } from "../support/fixtures.js";
import { listFiles } from "../support/list-files.js";
import { shortRoot } from "./support/short-root.js";
import { describeWithTools, output, tool } from "./support/tool.js";

const LOADER = "/lib64/ld-linux-x86-64.so.2";
/** The other files in the sample store are objects, or only start like ELF. */
const PROGRAM_OR_LIBRARY = /Type:\s+(DYN|EXEC) /;
const THIS_MACHINE = /Machine:\s+Advanced Micro Devices X86-64/;
const CLASS_64 = /Class:\s+ELF64/;
const RUN_PATH = /\((?:RPATH|RUNPATH)\)\s+Library r\w*path: \[(.*)\]/;

describeWithTools("readelf", "patchelf")("ELF files of a pulled store", () => {
  const root = shortRoot();
  let originalRoot: string;
  let files: string[];

  beforeAll(async () => {
    const run = await spackOci(["pull", `oci-layout:${fixture("oci-layout-main")}`, "--root", root]);
    expect(run).toMatchObject({ status: 0 });
    originalRoot = (await openStore(extractSampleStore())).root;
    files = [];
    for (const file of elfFilesBelow(root)) {
      if (PROGRAM_OR_LIBRARY.test((await tool("readelf", "-h", file)).stdout)) files.push(file);
    }
    expect(files.length).toBeGreaterThan(40);
  });

  it("have their original run paths, moved to the new root", async () => {
    let compared = 0;
    for (const file of files) {
      const original = runPath(await output("readelf", "-dW", join(originalRoot, relative(root, file))));
      const found = runPath(await output("readelf", "-dW", file));
      if (original === undefined) {
        expect(found, file).toBeUndefined();
        continue;
      }
      // Spack drops directories of the C library, and duplicates.
      const moved = original.map((entry) => entry.replaceAll(originalRoot, root));
      expect(moved, file).toEqual(expect.arrayContaining(found ?? []));
      expect(
        moved.filter((entry) => found?.includes(entry)),
        file,
      ).toEqual(found);
      const dropped = moved.filter((entry) => !found?.includes(entry));
      expect(
        dropped.filter((entry) => existsSync(entry) && entry.startsWith(root)),
        file,
      ).toEqual([]);
      compared += 1;
    }
    expect(compared).toBeGreaterThan(30);
  });

  it("have the run paths that patchelf prints", async () => {
    for (const file of files) {
      const found = runPath(await output("readelf", "-dW", file));
      if (found === undefined) continue;
      expect(await output("patchelf", "--print-rpath", file), file).toBe(`${found.join(":")}\n`);
    }
  });

  it.skipIf(!existsSync(LOADER))("load all libraries from the new root", async () => {
    let loaded = 0;
    for (const file of files) {
      const header = await output("readelf", "-h", file);
      const isOurs = THIS_MACHINE.test(header) && CLASS_64.test(header);
      if (!isOurs || runPath(await output("readelf", "-dW", file)) === undefined) continue;
      const { status, stdout, stderr } = await tool(LOADER, "--list", file);
      expect({ status, stderr }, file).toEqual({ status: 0, stderr: "" });
      expect(stdout, file).not.toContain("not found");
      expect(stdout, file).not.toContain("__spack_path_placeholder__");
      const needed = [...stdout.matchAll(/=> (\/\S+)/g)].map(([, path]) => path ?? "");
      expect(
        needed.filter((path) => path.startsWith(extractSampleStore())),
        file,
      ).toEqual([]);
      loaded += 1;
    }
    expect(loaded).toBeGreaterThan(30);
  });

  function elfFilesBelow(directory: string): string[] {
    return listFiles(directory)
      .map((path) => join(directory, path))
      .filter((path) => existsSync(path) && isElf(path));
  }
});

function isElf(path: string): boolean {
  return readFileSync(path).subarray(0, 4).equals(Buffer.from("\x7fELF"));
}

function runPath(dynamicSection: string): string[] | undefined {
  return RUN_PATH.exec(dynamicSection)?.[1]?.split(":");
}
