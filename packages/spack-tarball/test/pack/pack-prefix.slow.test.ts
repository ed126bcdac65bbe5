// Random trees survive packing and unpacking, and other tools read our archives in the same way.

import {
  appendFileSync,
  chmodSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { extract } from "tar-stream";
import { describe, expect, it } from "vitest";
import { parseBuildInfo } from "../../src/build-info/parse-build-info.js";
import { packAtOnce } from "../../src/pack/pack-at-once.js";
import { type PackRequest, packPrefix } from "../../src/pack/pack-prefix.js";
import { readTar } from "../../src/tar/tar-reader.js";
import { unpackLayer } from "../../src/unpack/unpack-layer.js";
import { chunked, collect, latin1 } from "../support/bytes.js";
import { freshPath, temporaryDirectory } from "../support/directories.js";
import { available, run } from "../support/tools.js";
import { describeTree } from "../support/trees.js";

const HASH = "a".repeat(32);
const request = (prefix: string, directory: string): PackRequest => ({
  prefix,
  directory,
  sbangInstallPath: "/store/bin/sbang",
  buildPath: "/store",
  spackPrefix: "/spack",
  relativePrefix: "p",
  hashToPrefix: new Map([[HASH, prefix]]),
});

const packed = (directory: string, prefix = "/store/p") => collect(packPrefix(request(prefix, directory)));

async function headers(archive: Buffer) {
  const result = [];
  for await (const { header } of readTar(chunked(archive))) result.push(header);
  return result;
}

/**
 * A tree as nested objects: bytes are files, strings are links, and a number is another name of the file with that
 * number.
 */
type Tree = { [name: string]: Tree | Buffer | string | number };

/** Writes a tree with names in ISO 8859-1, and remembers the paths of its files. */
function write(place: Buffer, tree: Tree, files: Buffer[] = []): void {
  mkdirSync(place, { recursive: true });
  for (const [name, value] of Object.entries(tree)) {
    const path = Buffer.concat([place, latin1(`/${name}`)]);
    if (Buffer.isBuffer(value)) {
      writeFileSync(path, value, { mode: value.length % 2 === 0 ? 0o640 : 0o711 });
      files.push(path);
    } else if (typeof value === "string") symlinkSync(latin1(value), path);
    else if (typeof value === "number") {
      const target = files[value % files.length];
      if (target !== undefined) linkSync(target, path);
    } else write(path, value, files);
  }
}

function isTree(value: Tree[string] | undefined): value is Tree {
  return typeof value === "object" && !Buffer.isBuffer(value);
}

const names = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      "a",
      "b",
      ".c",
      ".spack",
      "d-e",
      "lib",
      "ä\xff",
      "x y",
      "'q",
      "line\nbreak",
      "~",
    ),
  },
  fc
    .uint8Array({ minLength: 1, maxLength: 20 })
    .map((bytes) => Buffer.from(bytes).toString("latin1").replaceAll(/[\0/]/g, "_"))
    .filter((name) => name !== "." && name !== ".."),
  fc.constantFrom("n".repeat(99), "n".repeat(100), "n".repeat(101), "n".repeat(200), "é".repeat(60)),
);
const sizes = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(0, 1, 7, 8, 511, 512, 513, 1023, 1024, 10_240) },
  fc.nat(5000),
  fc.constantFrom(1024 * 1024 - 1, 1024 * 1024, 1024 * 1024 + 1),
);
const files = fc
  .tuple(sizes, fc.constantFrom("x", "/store/p ", "\x7fELF", "\0", "é"))
  .map(([size, fill]) => Buffer.alloc(size, fill));
const targets = fc.constantFrom(
  "a",
  "../b",
  "/store/p/lib",
  "/usr/lib",
  "nowhere/at all",
  "store/x",
  "\xff\xfe",
  "t".repeat(150),
);
const trees: fc.Arbitrary<Tree> = fc.letrec<{ tree: Tree; entry: Tree[string] }>((tie) => ({
  tree: fc.dictionary(names, tie("entry"), { maxKeys: 6, noNullPrototype: true }),
  entry: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    { weight: 4, arbitrary: files },
    { weight: 2, arbitrary: targets },
    { weight: 1, arbitrary: fc.nat(20) },
    { weight: 4, arbitrary: tie("tree") },
  ),
})).tree;

describe("packPrefix", () => {
  it("packs any tree into deterministic bytes that unpack to the same tree", async () => {
    await fc.assert(
      fc.asyncProperty(trees, async ({ ".spack": metadata, ...tree }) => {
        // The parent of the build info can only be a directory.
        if (isTree(metadata)) tree[".spack"] = metadata;
        const source = freshPath();
        write(Buffer.from(source), tree);
        const archive = await packed(source);
        const atOnce = packAtOnce(request("/store/p", source), Number.POSITIVE_INFINITY);
        expect(Buffer.concat(atOnce ?? []).equals(archive)).toBe(true);
        const target = freshPath();
        const { memberPrefix, buildInfo } = await unpackLayer(chunked(archive, 100_000), target);
        expect(memberPrefix).toBe("store/p");
        const [before, after] = [describeTree(source), describeTree(target)];
        const hadMetadata = before.has(".spack");
        if (!hadMetadata) expect(after.delete(".spack")).toBe(true);
        expect(after.delete(".spack/binary_distribution")).toBe(true);
        expect(after).toEqual(before);
        expect((await packed(source)).equals(archive)).toBe(true);
        if (hadMetadata) expect((await packed(target)).equals(archive)).toBe(true);
        expect(buildInfo.hardlinksDeduped).toBe(true);
      }),
      { numRuns: 40, examples: [[{ ".spack": { ".spack": Buffer.from("") } }]] },
    );
  }, 60_000);

  it("packs paths that are longer than every header field", async () => {
    const source = freshPath();
    let tree: Tree = { file: Buffer.from("/store/p"), link: "/store/p/x".padEnd(300, "y") };
    for (let depth = 0; depth < 20; depth += 1) tree = { [`${depth}-`.padEnd(60, "d")]: tree };
    write(Buffer.from(source), tree);
    const target = freshPath();
    const { buildInfo } = await unpackLayer(chunked(await packed(source)), target);
    expect(describeTree(target).size).toBe(describeTree(source).size + 2);
    expect(buildInfo.relocateTextFiles[0]?.length).toBeGreaterThan(1200);
    expect(buildInfo.relocateLinks).toHaveLength(1);
  });

  it("lists parents, then directories with files first, sorted by code point, then the build info", async () => {
    const source = freshPath();
    write(Buffer.from(source), {
      b: { x: Buffer.alloc(0) },
      a: Buffer.alloc(0),
      B: Buffer.alloc(0),
      z: "a",
      ".spack": { binary_distribution: Buffer.from("old"), "spec.json": Buffer.from("{}") },
      "\xef\xbf\xbd": Buffer.alloc(0),
      "\xf0\x9f\x98\x80": Buffer.alloc(0),
      "\xff": Buffer.alloc(0),
      "b-": {},
      empty: {},
    });
    expect((await headers(await packed(source, "/very/deep/store/p"))).map(({ name }) => name)).toEqual([
      "very/",
      "very/deep/",
      "very/deep/store/",
      "very/deep/store/p/",
      "very/deep/store/p/B",
      "very/deep/store/p/a",
      "very/deep/store/p/z",
      "very/deep/store/p/\udcff",
      "very/deep/store/p/\ufffd",
      "very/deep/store/p/😀",
      "very/deep/store/p/.spack/",
      "very/deep/store/p/.spack/spec.json",
      "very/deep/store/p/b/",
      "very/deep/store/p/b/x",
      "very/deep/store/p/b-/",
      "very/deep/store/p/empty/",
      "very/deep/store/p/.spack/binary_distribution",
    ]);
  });

  it("sets modes as git does, and no times, regardless of the files", async () => {
    const source = freshPath();
    mkdirSync(join(source, "d"), { recursive: true });
    for (const mode of [0o400, 0o644, 0o666, 0o755, 0o700, 0o4711, 0o611]) {
      writeFileSync(join(source, mode.toString(8)), "x");
      chmodSync(join(source, mode.toString(8)), mode);
    }
    chmodSync(join(source, "d"), 0o2700);
    const modes = new Map(
      (await headers(await packed(source))).map(({ name, mode, mtime }) => [
        name.slice("store/p".length),
        [mode, mtime],
      ]),
    );
    expect(Object.fromEntries(modes)).toMatchObject({
      "/": [0o755, 0],
      "/d/": [0o755, 0],
      "/400": [0o644, 0],
      "/644": [0o644, 0],
      "/666": [0o644, 0],
      "/755": [0o755, 0],
      "/700": [0o755, 0],
      "/4711": [0o755, 0],
      "/611": [0o644, 0],
    });
  });

  it("lists files that must be relocated, and none in .spack", async () => {
    const source = freshPath();
    write(Buffer.from(source), {
      text: Buffer.from("see /store/p/x"),
      sbang: Buffer.from("#!/bin/sh /store/bin/sbang"),
      other: Buffer.from("see /usr/lib"),
      blocked: Buffer.from("file:///store/p"),
      binary: Buffer.from("\x7fELFxxxx"),
      short: Buffer.from("\x7fELF"),
      copy: 4,
      link: "/store/p/x",
      "link-2": "/store",
      relative: "store/p",
      foreign: "/usr/store",
      ".spack": { log: Buffer.from("see /store/p/x"), link: "/store/p" },
      share: { ".spack": { text: Buffer.from("see /store/p/x") } },
    });
    const archive = await packed(source);
    let info = "";
    for await (const member of readTar(chunked(archive))) info = (await member.bytes()).toString();
    expect(parseBuildInfo(info)).toMatchObject({
      relocateBinaries: ["binary"],
      relocateLinks: ["link", "link-2", ".spack/link"],
      relocateTextFiles: ["sbang", "text", "share/.spack/text"],
      hashToPrefix: new Map([[HASH, "/store/p"]]),
    });
  });

  it("skips pipes and sockets", async () => {
    const source = freshPath();
    write(Buffer.from(source), { a: Buffer.alloc(0) });
    run("mkfifo", [join(source, "pipe")]);
    expect((await headers(await packed(source))).map(({ name }) => name)).toEqual([
      "store/",
      "store/p/",
      "store/p/a",
      "store/p/.spack/binary_distribution",
    ]);
  });

  it.each([
    ["grows", (path: string) => appendFileSync(path, "more")],
    ["shrinks", (path: string) => writeFileSync(path, "less")],
  ])("refuses a file that %s while it is packed", async (_, change) => {
    const source = freshPath();
    write(Buffer.from(source), { a: Buffer.alloc(100), z: Buffer.alloc(3 * 1024 * 1024) });
    let seen = 0;
    const packing = async () => {
      for await (const bytes of packPrefix(request("/store/p", source))) {
        seen += bytes.length;
        if (seen > 1024 * 1024) change(join(source, "z"));
      }
    };
    await expect(packing()).rejects.toMatchObject({
      code: "ERR_FILE_CHANGED",
      kind: "conflict",
      place: join(source, "z"),
    });
  });

  it("closes the file that it is reading if the reader stops", async () => {
    const source = freshPath();
    write(Buffer.from(source), { a: Buffer.alloc(3 * 1024 * 1024) });
    const before = readdirSync("/proc/self/fd").length;
    for (let round = 0; round < 10; round += 1) {
      for await (const bytes of packPrefix(request("/store/p", source))) if (bytes.length > 10_000) break;
    }
    expect(readdirSync("/proc/self/fd").length).toBeLessThan(before + 5);
  });
});

describe("archives", () => {
  const source = freshPath();
  write(Buffer.from(source), {
    a: Buffer.from("content"),
    b: 0,
    link: "../x",
    "long-link": "t".repeat(200),
    "donn\xc3\xa9es": Buffer.from("é"),
    ["d".repeat(120)]: { ["e".repeat(150)]: { f: Buffer.from("deep") } },
  });

  it("can be read by tar-stream", async () => {
    const extraction = extract();
    extraction.end(await packed(source));
    const seen: unknown[] = [];
    for await (const entry of extraction) {
      const content = await collect(entry as unknown as AsyncIterable<Buffer>);
      const { name, type, linkname, mode, size } = entry.header;
      seen.push([name, type, linkname, mode, size, content.length]);
    }
    const types = { file: "file", directory: "directory", symlink: "symlink", hardlink: "link", other: "" };
    expect(seen).toEqual(
      (await headers(await packed(source))).map(({ name, type, linkName, mode, size }) => [
        name,
        types[type],
        linkName === "" ? null : linkName,
        mode,
        size,
        size,
      ]),
    );
  });

  it.runIf(available("tar"))("are unpacked by GNU tar to the same tree", async () => {
    const target = temporaryDirectory();
    run("tar", ["-C", target, "-xf", "-"], await packed(source));
    const theirs = describeTree(join(target, "store/p"));
    expect(theirs.delete(".spack")).toBe(true);
    expect(theirs.delete(".spack/binary_distribution")).toBe(true);
    expect(theirs).toEqual(describeTree(source));
    expect(readlinkSync(join(target, "store/p/link"))).toBe("../x");
    expect(readFileSync(join(target, "store/p/b"), "utf8")).toBe("content");
  });

  it.runIf(available("python3"))("are identical to those of Python's tarfile", async () => {
    const root = freshPath();
    write(Buffer.from(root), {
      "bad-\xff-\xe2\x82": Buffer.from("x"),
      "bad-link": "to-\xfe",
      "both-\xff": "\xfd".repeat(120),
      "good-\xc3\xa9": Buffer.from("x"),
      "hard-\xff": 0,
      ["n".repeat(100 - "store/p/".length)]: Buffer.alloc(0),
      ["n".repeat(101 - "store/p/".length)]: Buffer.alloc(0),
      l100: "t".repeat(100),
      l101: "t".repeat(101),
      ["d".repeat(99 - "store/p/".length)]: {},
      ["e".repeat(100 - "store/p/".length)]: {},
      "dir-\xff": { f: Buffer.from("y") },
      "ctrl\x01\x7f": Buffer.alloc(0),
      "emoji-\xf0\x9f\x98\x80": Buffer.alloc(0),
    });
    const script = `
import io, os, sys, tarfile
root, out = sys.argv[1], io.BytesIO()
tar = tarfile.TarFile(name="", mode="w", fileobj=out)
seen = {}
def add(name, kind, mode, linkname="", path=None):
    info = tarfile.TarInfo(name)
    info.type, info.mode, info.linkname = kind, mode, linkname
    if path is None:
        tar.addfile(info)
    else:
        info.size = os.lstat(path).st_size
        with open(path, "rb") as f:
            tar.addfile(info, f)
add("store", tarfile.DIRTYPE, 0o755)
stack = [(root, "store/p")]
while stack:
    place, name = stack.pop()
    add(name, tarfile.DIRTYPE, 0o755)
    below = []
    for entry in sorted(os.scandir(place), key=lambda e: e.name):
        member = name + "/" + entry.name
        if entry.is_dir(follow_symlinks=False):
            below.append((entry.path, member))
        elif entry.is_symlink():
            add(member, tarfile.SYMTYPE, 0o755, os.readlink(entry.path))
        else:
            s = os.lstat(entry.path)
            mode = 0o755 if s.st_mode & 0o100 else 0o644
            if s.st_nlink > 1 and s.st_ino in seen:
                add(member, tarfile.LNKTYPE, mode, seen[s.st_ino])
            else:
                seen[s.st_ino] = member
                add(member, tarfile.REGTYPE, mode, path=entry.path)
    stack.extend(reversed(below))
tar.close()
sys.stdout.buffer.write(out.getvalue())
`;
    const theirs = run("python3", ["-X", "utf8", "-c", script, root]);
    const ours = await packed(root);
    // Theirs without the end of the archive is ours without the build info.
    const end = theirs.findLastIndex((byte) => byte !== 0) + 1;
    expect(end).toBeGreaterThan(10_000);
    expect(ours.subarray(0, end).equals(theirs.subarray(0, end))).toBe(true);
    expect(ours.length % 10_240).toBe(0);
  });
});
