// Layers unpack into their directory, and no layer can write anywhere else.

import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { type UnpackedLayer, unpackLayer } from "../../src/unpack/unpack-layer.js";
import { chunked } from "../support/bytes.js";
import { freshPath } from "../support/directories.js";
import {
  BUILD_INFO,
  directory,
  file,
  hardlink,
  type RawMember,
  rawPackage,
  rawPax,
  rawTar,
  symlink,
} from "../support/raw-tar.js";
import { describeTree } from "../support/trees.js";

const INFO = file("s/p/.spack/binary_distribution", BUILD_INFO);
const escaping = expect.objectContaining({ code: "ERR_LAYER_ESCAPES", kind: "corrupt" });

async function unpack(archive: Buffer, target = freshPath()): Promise<UnpackedLayer & { directory: string }> {
  return { ...(await unpackLayer(chunked(archive, 1000), target)), directory: target };
}

/** Unpacks a layer that must be rejected, and checks that nothing was created beside the target. */
async function refused(archive: Buffer, error: unknown): Promise<void> {
  const target = freshPath();
  writeFileSync(join(dirname(target), "outside"), "untouched");
  await expect(unpack(archive, target)).rejects.toEqual(error);
  expect(readdirSync(dirname(target)).filter((name) => name !== "tree")).toEqual(["outside"]);
  expect(readFileSync(join(dirname(target), "outside"), "utf8")).toBe("untouched");
  expect(lstatSync(join(dirname(target), "outside")).nlink).toBe(1);
}

describe("unpackLayer", () => {
  it("writes the package's tree with the modes and times of its members", async () => {
    const {
      directory: target,
      memberPrefix,
      buildInfo,
    } = await unpack(
      rawPackage(
        { ...file("s/p/tool", "#!"), mode: 0o4755, mtime: 1_000_000_000 },
        directory("s/p/empty"),
        symlink("s/p/link", "tool"),
        hardlink("s/p/same", "s/p/tool"),
      ),
    );
    expect(memberPrefix).toBe("s/p");
    expect(buildInfo).toMatchObject({ buildPath: "/s", hashToPrefix: new Map([["h", "/s/p"]]) });
    expect([...describeTree(target)]).toMatchObject([
      [".", { type: "dir" }],
      [".spack", { type: "dir" }],
      [".spack/binary_distribution", { type: "file", size: BUILD_INFO.length }],
      ["empty", { type: "dir" }],
      ["link", { type: "symlink", target: "tool" }],
      ["same", { type: "file", size: 2, executable: true }],
      ["tool", { type: "file", sameAs: "same" }],
    ]);
    expect(lstatSync(join(target, "tool"))).toMatchObject({ mode: 0o104755, mtimeMs: 1e12 });
    for (const path of ["", ".spack", "empty"]) {
      expect(lstatSync(join(target, path))).toMatchObject({ mode: 0o040755, mtimeMs: 0 });
    }
  });

  it("ignores the umask", async () => {
    const before = process.umask(0o077);
    try {
      const { directory: target } = await unpack(rawPackage(file("s/p/f"), directory("s/p/d")));
      expect(lstatSync(join(target, "f")).mode & 0o777).toBe(0o644);
      expect(lstatSync(join(target, "d")).mode & 0o777).toBe(0o755);
    } finally {
      process.umask(before);
    }
  });

  it.each([
    ["no directory for a file's parent", [file("s/p/a/b/c", "x"), INFO], "a/b/c"],
    ["a directory after its files", [file("s/p/a/f", "x"), directory("s/p/a"), INFO], "a/f"],
    ["files of the prefix before .spack", [file("s/p/a"), file("s/p/b"), INFO], "b"],
    [
      "a first file deep below the prefix",
      [file("s/p/a/b/c", "x"), file("s/p/a/d"), file("s/p/e"), INFO],
      "e",
    ],
    [
      "empty directories before the first file",
      [directory("s/p/a"), directory("s/p/a/b"), file("s/p/z/y"), INFO],
      "a/b",
    ],
    [
      "names that begin with ./",
      [file("./s/p/./a"), file("./s/p/.spack/binary_distribution", BUILD_INFO)],
      "a",
    ],
    ["repeated slashes", [file("s//p///a"), INFO], "a"],
    ["a .spack above the prefix", [], "x", ".spack/opt/p"],
    ["two .spack above the prefix", [], "x", "home/.spack/.spack/p"],
    [
      "files of a prefix that is below a .spack directory",
      [file(".spack/opt/p/LICENSE"), file(".spack/opt/p/.spack/binary_distribution", BUILD_INFO)],
      "LICENSE",
      ".spack/opt/p",
    ],
    [
      "a prefix whose name is .spack",
      [file("s/.spack/a"), file("s/.spack/.spack/binary_distribution", BUILD_INFO)],
      "a",
      "s/.spack",
    ],
    ["only a .spack in .spack", [file("s/p/.spack/.spack/x"), INFO], ".spack/.spack/x"],
    ["only a file .spack in .spack", [file("s/p/.spack/.spack"), INFO], ".spack/.spack"],
    ["only a build info", [INFO], ".spack/binary_distribution"],
    ["a link first", [symlink("s/p/x/link", "a"), INFO], "x/link"],
    ["build info before other members", [INFO, file("s/p/a"), file("s/p/b/c")], "b/c"],
    [
      "a device and a pipe",
      [{ name: "s/p/null", type: "3" }, { name: "s/p/pipe", type: "6" }, file("s/p/a"), INFO],
      "a",
    ],
  ] as [string, RawMember[], string, string?][])(
    "copes with %s",
    async (_, members, expected, prefix = "s/p") => {
      const inPrefix =
        members.length > 0
          ? members
          : [
              file(`${prefix}/.spack/repos/.spack/y`),
              file(`${prefix}/x`),
              file(`${prefix}/.spack/binary_distribution`, BUILD_INFO),
            ];
      const { directory: target, memberPrefix } = await unpack(rawTar([directory(prefix), ...inPrefix]));
      expect(memberPrefix).toBe(prefix);
      const paths = [...describeTree(target).keys()];
      expect(paths).toContain(expected);
      expect(paths).toContain(".spack/binary_distribution");
      expect(readdirSync(dirname(target))).toEqual(["tree"]);
    },
  );

  it("accepts parents of the prefix at any position", async () => {
    const { memberPrefix } = await unpack(rawTar([directory("s/p"), file("s/p/a"), directory("s"), INFO]));
    expect(memberPrefix).toBe("s/p");
  });

  it("uses the build info with the shortest name", async () => {
    const nested = file("s/p/share/old/.spack/binary_distribution", "no: {yaml");
    for (const members of [
      [nested, INFO],
      [INFO, nested],
    ]) {
      const { memberPrefix, directory: target } = await unpack(rawTar([directory("s/p"), ...members]));
      expect(memberPrefix).toBe("s/p");
      expect(readFileSync(join(target, "share/old/.spack/binary_distribution"), "utf8")).toBe("no: {yaml");
    }
  });

  it("lets a later member replace an earlier one", async () => {
    const { directory: target } = await unpack(
      rawPackage(
        file("s/p/a", "old"),
        hardlink("s/p/b", "s/p/a"),
        file("s/p/a", "new"),
        symlink("s/p/c", "s/p/a"),
        file("s/p/c", "file"),
        file("s/p/d", "file"),
        symlink("s/p/d", "a"),
        directory("s/p/e"),
        directory("s/p/e"),
      ),
    );
    const text = (name: string) => readFileSync(join(target, name), "utf8");
    expect([text("a"), text("b"), text("c")]).toEqual(["new", "old", "file"]);
    expect(readlinkSync(join(target, "d"))).toBe("a");
  });

  it("makes links relative that begin with the old prefix without its slash, as Spack does", async () => {
    const { directory: target } = await unpack(
      rawPackage(
        symlink("s/p/a", "s/p/lib/b"),
        symlink("s/p/b", "s/p"),
        symlink("s/p/c", "s/px"),
        symlink("s/p/d", "/s/p/lib"),
        symlink("s/p/e", "../s/p/x"),
        symlink("s/p/f", "s/p//lib"),
      ),
    );
    expect(["a", "b", "c", "d", "e", "f"].map((name) => readlinkSync(join(target, name)))).toEqual([
      "lib/b",
      ".",
      "s/px",
      "/s/p/lib",
      "../s/p/x",
      "lib",
    ]);
  });

  it("keeps names and targets with arbitrary bytes", async () => {
    const name = Buffer.from("s/p/\xff\xe9\n\"'", "latin1");
    const target = Buffer.from("\xfe/\x80", "latin1");
    const { directory: root } = await unpack(
      rawPackage(rawPax({ path: name, linkpath: target }), symlink("x", "y")),
    );
    expect(describeTree(root).get("\xff\xe9\n\"'")).toEqual({ type: "symlink", target: "\xfe/\x80" });
  });

  it("reads gzip as well as plain archives", async () => {
    expect((await unpack(gzipSync(rawPackage(file("s/p/a"))))).memberPrefix).toBe("s/p");
  });
});

describe("layers that escape from their prefix", () => {
  it.each([
    ["a name with ..", [file("s/p/../../outside", "bad")]],
    ["a name that is only ..", [file("..", "bad")]],
    ["an absolute name", [file("/tmp/bad", "bad")]],
    ["an absolute directory", [directory("/tmp/bad")]],
    ["an empty name", [file("", "bad")]],
    ["a directory with ..", [directory("s/p/../../bad")]],
    ["a name with a NUL", [rawPax({ path: Buffer.from("s/p/a\0b") }), file("x")]],
    ["a file through a link to a directory", [symlink("s/p/up", ".."), file("s/p/up/outside", "bad")]],
    ["a file through an absolute link", [symlink("s/p/up", "/tmp"), file("s/p/up/bad", "bad")]],
    ["a directory through a link", [symlink("s/p/up", ".."), directory("s/p/up/bad")]],
    [
      "a directory in place of a link",
      [symlink("s/p/up", ".."), directory("s/p/up"), file("s/p/up/outside", "bad")],
    ],
    ["a link through a link", [symlink("s/p/up", ".."), symlink("s/p/up/bad", "x")]],
    [
      "a link through two links",
      [symlink("s/p/a", ".."), symlink("s/p/b", "a"), file("s/p/b/outside", "bad")],
    ],
    ["a hard link to outside", [hardlink("s/p/a", "s/p/../../outside")]],
    ["a hard link to an absolute name", [hardlink("s/p/a", "/etc/passwd")]],
    ["a hard link through a link", [symlink("s/p/up", ".."), hardlink("s/p/a", "s/p/up/outside")]],
    ["a hard link to a link", [symlink("s/p/up", "../outside"), hardlink("s/p/a", "s/p/up")]],
    ["a hard link to a directory", [directory("s/p/d"), hardlink("s/p/a", "s/p/d")]],
    [
      "a hard link to a name outside of the prefix",
      [file("s/p/etc/passwd"), file("s/p/f"), hardlink("s/p/a", "etc/passwd")],
    ],
    ["a file in place of the prefix", [file("s/p/f"), file("s/p", "bad")]],
    ["a link in place of the prefix", [file("s/p/f"), symlink("s/p", "..")]],
    [
      "a link in place of a directory",
      [file("s/p/d/f"), symlink("s/p/d", ".."), file("s/p/d/outside", "bad")],
    ],
    ["a file below a file", [file("s/p/f", "x"), file("s/p/f/g", "x")]],
    ["a file at the top", [file("s/p/a"), file("top", "x")]],
  ] as [string, (RawMember | Buffer)[]][])("are refused: %s", async (_, members) => {
    await refused(rawPackage(...members), escaping);
  });

  it("are rejected: a file through a link that was written while a deeper directory was the prefix", async () => {
    await refused(
      rawPackage(symlink("s/p/a/b/up", "../../.."), file("s/p/a/x"), file("s/p/a/b/up/outside", "bad")),
      escaping,
    );
  });

  it("replace a link by a file instead of writing through it", async () => {
    const target = freshPath();
    const outside = join(dirname(target), "outside");
    writeFileSync(outside, "untouched");
    await unpack(rawPackage(symlink("s/p/f", "../outside"), file("s/p/f", "inside")), target);
    expect(readFileSync(outside, "utf8")).toBe("untouched");
    expect(readFileSync(join(target, "f"), "utf8")).toBe("inside");
  });

  it("do not change other names of a replaced file", async () => {
    const { directory: target } = await unpack(
      rawPackage(file("s/p/a", "1"), hardlink("s/p/b", "s/p/a"), { ...file("s/p/b", "2"), mode: 0o755 }),
    );
    expect(readFileSync(join(target, "a"), "utf8")).toBe("1");
    expect(lstatSync(join(target, "a")).mode & 0o777).toBe(0o644);
  });
});

describe("layers that are not a package", () => {
  const noPrefix = expect.objectContaining({ code: "ERR_NO_COMMON_PREFIX", kind: "corrupt" });

  it.each([
    ["a sibling directory", [directory("s/q")]],
    ["a sibling whose name begins with the prefix", [directory("s/pq")]],
    ["a file in such a sibling", [file("s/pq/f")]],
    ["a file beside the prefix", [file("s/f")]],
    ["a file beside the prefix first", [file("s/f"), file("s/p/f")]],
  ])("have members outside of their prefix: %s", async (_, members) => {
    await refused(rawPackage(...members), noPrefix);
  });

  it("do not list their prefix", async () => {
    await refused(rawTar([directory("s"), file("s/p/f"), INFO]), noPrefix);
  });

  it("have no build info", async () => {
    const error = expect.objectContaining({ code: "ERR_NOT_A_PACKAGE", kind: "corrupt" });
    await refused(rawTar([directory("s/p"), file("s/p/f")]), error);
    await refused(rawTar([directory("s/p"), symlink("s/p/.spack/binary_distribution", "x")]), error);
    await refused(rawTar([]), error);
    await refused(rawTar([directory("s")]), error);
    await refused(rawTar([directory("s/p"), file("s/p/x.spack/binary_distribution", BUILD_INFO)]), error);
  });

  it("have a build info at the top", async () => {
    const error = expect.objectContaining({ code: "ERR_NOT_A_PACKAGE" });
    await refused(rawTar([directory(".spack"), file(".spack/binary_distribution", BUILD_INFO)]), error);
  });

  it("have a broken build info", async () => {
    const error = expect.objectContaining({ code: "ERR_BUILD_INFO_MALFORMED", kind: "corrupt" });
    await refused(rawTar([directory("s/p"), file("s/p/.spack/binary_distribution", "a: {")]), error);
    await refused(
      rawTar([directory("s/p"), { name: "s/p/.spack/binary_distribution", size: 2 ** 30 }]),
      error,
    );
  });

  it("have a hard link to a missing file", async () => {
    const error = expect.objectContaining({ code: "ERR_TAR_MALFORMED", kind: "corrupt" });
    await refused(rawPackage(directory("s/p/d"), hardlink("s/p/a", "s/p/nothing")), error);
    await refused(rawPackage(file("s/p/a"), hardlink("s/p/a", "s/p/a")), error);
    await refused(rawPackage(symlink("s/p/a", "")), error);
    await refused(rawPackage(rawPax({ linkpath: Buffer.from("a\0b") }), symlink("s/p/a", "x")), error);
  });
});

describe("layers that fail", () => {
  const failure = new Error("the digest is wrong");

  it.each([
    ["plain", rawPackage(file("s/p/f", "x".repeat(3000)))],
    ["gzip", gzipSync(rawPackage(file("s/p/f", "x".repeat(3000))))],
    ["gzip with trailing zeros", Buffer.concat([gzipSync(rawPackage(file("s/p/f"))), Buffer.alloc(70_000)])],
    [
      "gzip with a second archive after it",
      Buffer.concat([gzipSync(rawPackage()), gzipSync(Buffer.alloc(70_000))]),
    ],
  ])("fail with the stream's own error, also after the last byte: %s", async (_, bytes) => {
    for (const size of [10, 1000, 1 << 20]) {
      await expect(unpackLayer(chunked(bytes, size, failure), freshPath())).rejects.toBe(failure);
    }
    await expect(unpackLayer(chunked(bytes.subarray(0, 30), 10, failure), freshPath())).rejects.toBe(failure);
  });

  it("are truncated", async () => {
    const whole = rawPackage(file("s/p/f", "x".repeat(3000)));
    await refused(whole.subarray(0, 2500), expect.objectContaining({ code: "ERR_TAR_TRUNCATED" }));
    await refused(gzipSync(whole).subarray(0, -5), expect.objectContaining({ code: "ERR_LAYER_UNREADABLE" }));
  });

  it("are not reported as an attack if the file system fails", async () => {
    const long = "n".repeat(300);
    for (const member of [file("s/p/x"), directory("s/p/d")]) {
      const archive = rawPackage(rawPax({ path: `s/p/${long}` }), member);
      await expect(unpack(archive)).rejects.toMatchObject({ code: "ERR_PATH_TOO_LONG", kind: "unsupported" });
    }
  });

  it("leave nothing beside their directory if the file system fails", async () => {
    const target = freshPath();
    // The first file's directory has no name in the tree until the second file.
    const archive = rawPackage(rawPax({ path: `s/p/${"n".repeat(300)}/f` }), file("x"), file("s/p/g"));
    const cause = expect.objectContaining({ code: "ENAMETOOLONG" });
    await expect(unpack(archive, target)).rejects.toMatchObject({ code: "ERR_PATH_TOO_LONG", cause });
    expect(readdirSync(dirname(target))).toEqual(["tree"]);
  });

  it("have no path that becomes too long when the prefix is found", async () => {
    let parent = freshPath();
    // Leaves room for the tree, but not for the tree one directory deeper.
    while (parent.length < 3600) parent = join(parent, "d".repeat(Math.min(200, 3600 - parent.length)));
    mkdirSync(parent, { recursive: true });
    const archive = rawPackage(rawPax({ path: `s/p/${"n".repeat(250)}/f` }), file("x"), file("s/p/g"));
    await expect(unpack(archive, join(parent, "tree"))).rejects.toMatchObject({ code: "ERR_PATH_TOO_LONG" });
    expect(readdirSync(parent)).toEqual(["tree"]);
    expect(readdirSync(join(parent, "tree"))).toEqual(["f"]);
  });

  it("leave no file open", async () => {
    const open = () => readdirSync("/proc/self/fd").length;
    if (!existsSync("/proc/self/fd")) return;
    const before = open();
    const whole = gzipSync(rawPackage(file("s/p/f", "x".repeat(300_000))));
    for (let round = 0; round < 20; round += 1) {
      await unpackLayer(chunked(whole, 100, failure), freshPath()).catch(() => {});
      await unpackLayer(chunked(whole.subarray(0, 300), 100), freshPath()).catch(() => {});
    }
    expect(open()).toBeLessThan(before + 5);
  });

  it("do not replace an existing directory", async () => {
    const target = freshPath();
    writeFileSync(target, "mine");
    await expect(unpack(rawPackage(), target)).rejects.toMatchObject({ code: "EEXIST" });
    expect(readFileSync(target, "utf8")).toBe("mine");
  });
});
