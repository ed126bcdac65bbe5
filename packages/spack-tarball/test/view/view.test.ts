// A view links the files of prefixes as Spack's views do, and its layer holds only links.

import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { readTar } from "../../src/tar/tar-reader.js";
import { packView } from "../../src/view/pack-view.js";
import { type PackageTree, readPackageTree } from "../../src/view/package-tree.js";
import { type ViewConflict, ViewTree } from "../../src/view/view-tree.js";
import { chunked, collect } from "../support/bytes.js";
import { directory, file, hardlink, type RawMember, rawTar, symlink } from "../support/raw-tar.js";

const layer = (...members: readonly RawMember[]) => chunked(gzipSync(rawTar(members)));

/** A package at `/s/NAME` with these files; one with content is a link to it. */
async function packageTree(name: string, files: Readonly<Record<string, string>>): Promise<PackageTree> {
  const members = Object.entries(files).map(([path, target]) => {
    const place = `s/${name}/${path}`;
    return target === "" ? file(place, "content") : symlink(place, target);
  });
  const all = [directory("s"), directory(`s/${name}`), ...members, file(`s/${name}/.spack/spec.json`, "{}")];
  return readPackageTree(layer(...all), `/s/${name}`);
}

async function viewOf(
  ...packages: readonly (readonly [string, Readonly<Record<string, string>>])[]
): Promise<{ links: Record<string, string | undefined>; conflicts: ViewConflict[] }> {
  const view = new ViewTree();
  const conflicts: ViewConflict[] = [];
  for (const [name, files] of packages) conflicts.push(...view.add(await packageTree(name, files)));
  return {
    links: Object.fromEntries([...view.entries()].map((entry) => [entry.path, entry.target])),
    conflicts,
  };
}

describe("a view", () => {
  it("merges directories and links files, without metadata", async () => {
    const { links, conflicts } = await viewOf(
      ["a", { "bin/x": "", "lib/.spack/y": "" }],
      ["b", { "bin/z": "" }],
    );
    expect(links).toEqual({ bin: undefined, "bin/x": "/s/a/bin/x", "bin/z": "/s/b/bin/z", lib: undefined });
    expect(conflicts).toEqual([]);
  });

  it("keeps the first of several files, and reports the others", async () => {
    const { links, conflicts } = await viewOf(
      ["a", { share: "", "lib/x": "" }],
      ["b", { "share/y": "", "lib/x": "", lib2: "" }],
      ["c", { "lib2/z": "", lib: "" }],
    );
    expect(links).toEqual({ share: "/s/a/share", lib: undefined, "lib/x": "/s/a/lib/x", lib2: "/s/b/lib2" });
    expect(conflicts).toEqual([
      { path: "lib/x", kept: "/s/a", dropped: "/s/b" },
      { path: "share", kept: "/s/a", dropped: "/s/b" },
      { path: "lib", kept: "/s/a", dropped: "/s/c" },
      { path: "lib2", kept: "/s/b", dropped: "/s/c" },
    ]);
  });

  it("follows links to subdirectories, so that directories merge", async () => {
    const { links } = await viewOf(
      [
        "a",
        {
          "lib/x": "",
          lib64: "lib",
          "share/deep/er/y": "",
          "share/deep/link": "er",
          "share/link": "deep/er",
        },
      ],
      ["b", { "lib64/z": "" }],
    );
    expect(links).toMatchObject({
      lib64: undefined,
      "lib64/x": "/s/a/lib64/x",
      "lib64/z": "/s/b/lib64/z",
      "share/link": undefined,
      "share/link/y": "/s/a/share/link/y",
      // Deeper than Spack follows links.
      "share/deep/link": "/s/a/share/deep/link",
    });
  });

  it.each([
    ["up", { "bin/x": "", "share/up": "../bin" }, "share/up"],
    ["to nothing", { broken: "gone" }, "broken"],
    ["in a circle", { one: "two", two: "one" }, "one"],
    ["out of the prefix", { out: "../other", "bin/x": "" }, "out"],
    ["to another prefix", { other: "/s/b/lib" }, "other"],
  ])("links a link as it is that leads %s", async (_, files, path) => {
    const { links } = await viewOf(["a", files]);
    expect(links[path]).toBe(`/s/a/${path}`);
  });

  it("follows an absolute link within its prefix", async () => {
    const { links } = await viewOf(["a", { "lib/x": "", lib64: "/s/a/lib" }]);
    expect(links["lib64/x"]).toBe("/s/a/lib64/x");
  });

  it("treats hard links as files", async () => {
    const tree = await readPackageTree(layer(file("s/a/bin/x"), hardlink("s/a/bin/y", "s/a/bin/x")), "/s/a");
    const view = new ViewTree();
    expect(view.add(tree)).toEqual([]);
    expect([...view.entries()].map(({ path }) => path)).toEqual(["bin", "bin/x", "bin/y"]);
  });
});

it("is packed with its parents, in an order that depends only on names", async () => {
  const pack = async (...names: string[]) => {
    const view = new ViewTree();
    for (const name of names) view.add(await packageTree(name, { [`bin/${name}`]: "", [`z-${name}`]: "" }));
    return collect(packView("/opt/view", view));
  };
  const archive = await pack("a", "b");
  const members: string[] = [];
  for await (const { header } of readTar(chunked(archive))) {
    members.push(header.type === "symlink" ? `${header.name} -> ${header.linkName}` : header.name);
  }
  expect(members).toEqual([
    "opt/",
    "opt/view/",
    "opt/view/bin/",
    "opt/view/bin/a -> /s/a/bin/a",
    "opt/view/bin/b -> /s/b/bin/b",
    "opt/view/z-a -> /s/a/z-a",
    "opt/view/z-b -> /s/b/z-b",
  ]);
  expect(await pack("b", "a")).toEqual(archive);
});

it("rejects members outside of its prefix", async () => {
  const refused = { code: "ERR_NO_COMMON_PREFIX" };
  await expect(readPackageTree(layer(file("etc/passwd")), "/s/a")).rejects.toMatchObject(refused);
});
