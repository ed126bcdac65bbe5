// Against the store that a real Spack installed from its own buildcache below another, shorter root.

import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { dropRedundantRpaths } from "../../src/relocate/drop-redundant-rpaths.js";
import { relocatePrefix } from "../../src/relocate/relocate-prefix.js";
import { relocationMap } from "../../src/relocate/relocation-map.js";
import { unpackLayer } from "../../src/unpack/unpack-layer.js";
import { chunked } from "../support/bytes.js";
import { freshPath } from "../support/directories.js";
import { type ExpectedInstall, expectedStore, spackPackages } from "../support/spack-packages.js";
import { type Described, describeTree } from "../support/trees.js";

const store = expectedStore();
const installs = Object.entries(store.installs);
const root = freshPath("opt");
const place = (install: ExpectedInstall) => root + install.prefix.slice(store.root.length);

/** Written anew by Spack after each install. */
const REWRITTEN = [".spack/install_times.json"];

beforeAll(async () => {
  const layers = new Map(spackPackages().map((one) => [one.hash, one.layer]));
  for (const [hash, install] of installs) {
    const directory = place(install);
    mkdirSync(dirname(directory), { recursive: true });
    const { buildInfo } = await unpackLayer(chunked(layers.get(hash) ?? Buffer.alloc(0), 7000), directory);
    const prefixes = new Map(
      [...buildInfo.hashToPrefix.keys()].map((known) => [known, store.prefix_by_hash[known] ?? ""]),
    );
    const target = { root: store.root, sbangInstallPath: store.sbang_install_path, prefixes };
    await relocatePrefix(directory, buildInfo, relocationMap(buildInfo, target));
  }
  await dropRedundantRpaths(root, store.root);
});

describe("packages relocated as a real Spack relocated them", () => {
  it("are eighteen", () => {
    expect(installs).toHaveLength(18);
  });

  it.each(installs)("%s", (_, install) => {
    const ours = [...describeTree(place(install))].filter(([path]) => !REWRITTEN.includes(path));
    const theirs = Object.entries(install.entries).filter(([path]) => !REWRITTEN.includes(path));
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
    expect(hardLinkGroups(ours)).toEqual(install.hardlinks);
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

/** The expectation holds names as UTF-8, and marks those that are none. */
function utf8(path: string): string {
  const name = Buffer.from(path, "latin1").toString("utf8");
  return name.includes("\ufffd") ? `latin1:${path}` : name;
}
