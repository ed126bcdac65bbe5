// Relocated packages equal those that a real Spack installed from its own buildcache below other roots.

import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { relocatePrefix } from "../../src/relocate/relocate-prefix.js";
import type { RelocationProblem } from "../../src/relocate/relocation-error.js";
import { relocationMap } from "../../src/relocate/relocation-map.js";
import { unpackLayer } from "../../src/unpack/unpack-layer.js";
import { chunked } from "../support/bytes.js";
import { freshPath } from "../support/directories.js";
import { dropRedundantRpaths } from "../support/drop-rpaths.js";
import {
  type ExpectedInstall,
  type ExpectedStore,
  expectedStore,
  spackPackages,
} from "../support/spack-packages.js";
import { type Described, describeTree } from "../support/trees.js";

const layers = new Map(spackPackages().map((one) => [one.hash, one]));

/** Files that Spack writes after each install. */
const REWRITTEN = [".spack/install_times.json"];

/** Unpacks a package into `directory` and relocates it to its place in `store`. */
async function install(store: ExpectedStore, hash: string, directory: string): Promise<void> {
  mkdirSync(dirname(directory), { recursive: true });
  const layer = layers.get(hash)?.layer ?? Buffer.alloc(0);
  const { buildInfo } = await unpackLayer(chunked(layer, 7000), directory);
  const { root, sbang_install_path: sbangInstallPath, prefix_by_hash: known } = store;
  const movedTo = (old: string) => root + old.slice(buildInfo.buildPath.length);
  const prefixes = new Map(
    [...buildInfo.hashToPrefix].map(([one, old]) => [one, known[one] ?? movedTo(old)]),
  );
  await relocatePrefix(directory, buildInfo, {
    map: relocationMap(buildInfo, { root, sbangInstallPath, prefixes }),
  });
}

function expectSame(directory: string, expected: ExpectedInstall): void {
  const ours = [...describeTree(directory)].filter(([path]) => !REWRITTEN.includes(path));
  const theirs = Object.entries(expected.entries).filter(([path]) => !REWRITTEN.includes(path));
  expect(ours.length).toBeGreaterThan(4);
  expect(Object.fromEntries(ours.map(([path, entry]) => [utf8(path), compared(entry)]))).toEqual(
    Object.fromEntries(
      theirs.map(([path, { type, size, sha256, target, mode }]) => [
        path,
        {
          type,
          size,
          sha256,
          target,
          ...(type === "file" ? { executable: (Number.parseInt(mode, 8) & 0o100) !== 0 } : {}),
        },
      ]),
    ),
  );
  expect(hardLinkGroups(ours)).toEqual(expected.hardlinks);
}

describe("packages that a real Spack relocated below a shorter root", () => {
  const store = expectedStore("B");
  const installs = Object.entries(store.installs);
  const root = freshPath("opt");
  const place = (expected: ExpectedInstall) => root + expected.prefix.slice(store.root.length);

  beforeAll(async () => {
    for (const [hash, expected] of installs) await install(store, hash, place(expected));
    await dropRedundantRpaths(root, store.root);
  });

  it("number eighteen", () => {
    expect(installs).toHaveLength(18);
  });

  it.each(installs)("%s", (_, expected) => {
    expectSame(place(expected), expected);
  });
});

describe("packages that a real Spack tried to relocate below a longer root", () => {
  const store = expectedStore("D2");
  /** Programs and libraries whose longer run paths patchelf wrote for Spack: other bytes with the same meaning. */
  const GROWN = ["bin/lite-sh", "bin/lua", "bin/node", "bin/php", "lib/libjson-c.so.5.3.0"];
  /**
   * Build dependencies, which Spack does not install from a buildcache, and a package without files that Spack did not
   * get to.
   */
  const NOT_TRIED = ["build-tool-lite", "compiler-wrapper", "mochi-suite"];
  const packages = [...layers.values()].filter(({ name }) => !NOT_TRIED.includes(name));

  it.each(packages)("$name $hash", async ({ hash }) => {
    const directory = freshPath();
    const expected = store.installs[hash];
    if (expected !== undefined) {
      await install(store, hash, directory);
      const entries = { ...expected.entries };
      const found = describeTree(directory);
      for (const path of GROWN) {
        const entry = entries[path];
        const { size, sha256 } = found.get(path) ?? {};
        if (entry !== undefined && size !== undefined && sha256 !== undefined)
          entries[path] = { ...entry, size, sha256 };
      }
      expectSame(directory, { ...expected, entries });
      return;
    }
    const error = await install(store, hash, directory).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: "ERR_RELOCATION_BLOCKED", kind: "failed" });
    const places = error.problems.map(({ file, offset }: RelocationProblem) => `${file}:${offset}`);
    expect(new Set(places).size).toBe(places.length);
    for (const { reason } of error.problems) expect(reason).toBe("cannot-grow");
  });
});

function compared({ sameAs: _, target, ...entry }: Described) {
  return {
    size: undefined,
    sha256: undefined,
    ...entry,
    target: target === undefined ? undefined : utf8(target),
  };
}

function hardLinkGroups(entries: readonly (readonly [string, Described])[]): string[][] {
  const groups = new Map<string, string[]>();
  for (const [path, { sameAs }] of entries) {
    if (sameAs !== undefined) groups.set(sameAs, [...(groups.get(sameAs) ?? [sameAs]), path]);
  }
  return [...groups.values()]
    .map((group) => group.map(utf8).sort())
    .sort((a, b) => ((a[0] ?? "") < (b[0] ?? "") ? -1 : 1));
}

/** The expectation has names as UTF-8, and marks those that are not. */
function utf8(path: string): string {
  const name = Buffer.from(path, "latin1").toString("utf8");
  return name.includes("\ufffd") ? `latin1:${path}` : name;
}
