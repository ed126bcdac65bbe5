// A package that is packed for another store and back is unchanged: text and links always, binaries if the paths of
// both stores have the same length and ending. If strings only become shorter, the stores in between make no
// difference.

import { chmodSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { examineMove } from "../../src/move/examine-move.js";
import { packMove } from "../../src/move/pack-move.js";
import type { PrefixMove } from "../../src/move/prefix-move.js";
import { packPrefix } from "../../src/pack/pack-prefix.js";
import { unpackLayer } from "../../src/unpack/unpack-layer.js";
import { chunked, collect, latin1 } from "../support/bytes.js";
import { freshPath, temporaryDirectory } from "../support/directories.js";

interface Store {
  readonly root: string;
  readonly own: string;
  readonly dependency: string;
  readonly sbang: string;
}

/** A store with a directory above its packages that has a different name in each store. */
const store = (root: string, names = ["own-1", "dependency-2"]): Store => ({
  root: `${root}/__padding__/__pad`,
  own: `${root}/__padding__/__pad/linux/${names[0]}`,
  dependency: `${root}/__padding__/__pad/linux/${names[1]}`,
  sbang: `${root}/bin/sbang`,
});

const home = store("/tmp/home/alpha");
const sameLength = store("/srv/home/omega");
const others = [store("/o"), store("/somewhere/else/with/a/longer/root", ["x/one", "y/z/two"]), sameLength];

const requestAt = ({ root, own, dependency, sbang }: Store) => ({
  prefix: own,
  sbangInstallPath: sbang,
  buildPath: root,
  spackPrefix: undefined,
  relativePrefix: own.slice(root.length + 1),
  hashToPrefix: new Map([
    ["a".repeat(32), own],
    ["b".repeat(32), dependency],
  ]),
});

async function moved(directory: string, from: Store, to: Store) {
  const move: PrefixMove = { from: { ...requestAt(from), directory }, to: requestAt(to) };
  const options = { scratch: temporaryDirectory(), finish: async () => false };
  const findings = await examineMove(move, options);
  expect(findings.problems).toEqual([]);
  return collect(packMove(move, findings, { ...options, generated: () => undefined }));
}

async function unpacked(archive: Buffer): Promise<string> {
  const directory = freshPath();
  await unpackLayer(chunked(archive), directory);
  return directory;
}

/** The parts of a file. */
const parts = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(home.own, home.dependency, home.root, home.sbang) },
    fc.constantFrom("\n", " ", ":", "/", "/lib/", "-L", "x", "word", "\xe9", "=", "#!", "-suffix"),
  ),
  { maxLength: 12 },
);
const texts = parts.map((list) => latin1(list.join("")));

/** NUL-terminated strings of a binary, some of which end with a prefix. */
const binaryOf = (tails: fc.Arbitrary<string>) =>
  fc
    .array(fc.tuple(fc.constantFrom(home.own, home.dependency, home.root, home.sbang, "none"), tails), {
      maxLength: 6,
    })
    .map((strings) =>
      latin1(`\x7fELF\x02\x01\x01\0${strings.map(([start, end]) => `${start}${end}\0`).join("")}`),
    );

const targets = fc.constantFrom(
  `${home.own}/lib/x`,
  `${home.dependency}/bin`,
  `${home.root}-suffix/x`,
  "../lib",
  "/usr/lib",
  "dangling",
);

/** Contents by index, with links and other names. */
type Tree = { readonly files: readonly Buffer[]; readonly links: readonly string[] };

function write({ files, links }: Tree): string {
  const directory = temporaryDirectory();
  // Every package has one.
  mkdirSync(join(directory, ".spack"));
  writeFileSync(join(directory, ".spack", "spec.json"), "{}");
  for (const [index, content] of files.entries()) {
    const path = join(directory, index % 2 === 0 ? `bin/f${index}` : `f${index}`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    chmodSync(path, index % 3 === 0 ? 0o555 : 0o444);
    if (index % 4 === 0) linkSync(path, join(directory, `again${index}`));
  }
  for (const [index, target] of links.entries()) symlinkSync(target, join(directory, `l${index}`));
  return directory;
}

const treeOf = (content: fc.Arbitrary<Buffer>) =>
  fc.record({ files: fc.array(content, { maxLength: 6 }), links: fc.array(targets, { maxLength: 3 }) });

/** One character per byte, so that differences are readable. */
const shown = (archive: Buffer) => archive.toString("latin1");

describe("there and back", () => {
  it.each(others)("gives the identical archive for text and links: $root", async (other) => {
    await fc.assert(
      fc.asyncProperty(treeOf(texts), async (tree) => {
        const directory = write(tree);
        const original = await collect(packPrefix({ ...requestAt(home), directory }));
        const there = await unpacked(await moved(directory, home, other));
        expect(shown(await moved(there, other, home))).toBe(shown(original));
      }),
      { numRuns: 25 },
    );
  });

  it("gives the identical archive for binaries, too, if both roots have the same length and ending", async () => {
    const tails = fc.constantFrom("", "/x", "/lib/libx.so", ":/usr", ".d");
    const content = fc.oneof(texts, binaryOf(tails));
    await fc.assert(
      fc.asyncProperty(treeOf(content), async (tree) => {
        const directory = write(tree);
        const original = await collect(packPrefix({ ...requestAt(home), directory }));
        const there = await moved(directory, home, sameLength);
        expect(shown(await moved(await unpacked(there), sameLength, home))).toBe(shown(original));
        expect(there.includes(sameLength.own.slice(1))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});

describe("by way of a third store", () => {
  const between = store("/tmp/home");
  const end = store("/opt");

  it("gives the same archive as the direct way if strings continue after their prefix or have the same ending", async () => {
    const tails = fc.constantFrom("", "/lib/libx.so", "/share/data", ":/usr/share");
    const content = fc.oneof(texts, binaryOf(tails));
    await fc.assert(
      fc.asyncProperty(treeOf(content), async (tree) => {
        const directory = write(tree);
        const direct = await moved(directory, home, end);
        const there = await unpacked(await moved(directory, home, between));
        expect(shown(await moved(there, between, end))).toBe(shown(direct));
      }),
      { numRuns: 50 },
    );
  });
});
