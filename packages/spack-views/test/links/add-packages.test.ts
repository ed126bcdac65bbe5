// Files become links or relocated copies, in the order of the packages.

import { linkSync, lstatSync, mkdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { describePrefix } from "../../../../tests/support/describe-prefix.js";
import { addPackages, type ViewDirectory } from "../../src/links/add-packages.js";
import { smallStore } from "../support/small-store.js";

type Store = ReturnType<typeof smallStore>;

async function view(store: Store, settings: Partial<ViewDirectory> = {}) {
  const path = join(store.home, "v");
  mkdirSync(path, { recursive: true });
  const directory = {
    path,
    linkType: "symlink",
    projections: new Map<string, string>(),
    ...settings,
  } as const;
  const conflicts = await addPackages(directory, [...store.graph.values()], store);
  return { path, conflicts, at: (name: string) => join(path, name) };
}

function linksIn(directory: string): string[] {
  const { entries } = describePrefix(directory);
  return Object.keys(entries)
    .filter((name) => entries[name]?.type === "symlink")
    .sort();
}

describe("links", () => {
  it("point to the files of the first package that has them", async () => {
    const store = smallStore([
      { name: "app", files: { "bin/app*": "app", "share/doc": "of app" } },
      { name: "lib", files: { "lib/x": "x", "share/doc": "of lib", "share/.spack/y": "hidden" } },
    ]);
    const { path, conflicts, at } = await view(store);
    expect(readlinkSync(at("share/doc"))).toBe(`${store.storeRoot}/app/share/doc`);
    expect(conflicts).toEqual([
      {
        path: "share/doc",
        first: `${store.storeRoot}/app/share/doc`,
        second: `${store.storeRoot}/lib/share/doc`,
      },
    ]);
    expect(linksIn(path)).toEqual([
      ".spack/app/spec.json",
      ".spack/lib/spec.json",
      "bin/app",
      "lib/x",
      "share/doc",
    ]);
  });

  it("are hard, and of links as well", async () => {
    const store = smallStore([{ name: "app", files: { a: "a", b: "-> a" } }]);
    const { at } = await view(store, { linkType: "hardlink" });
    for (const name of ["a", "b", ".spack/app/spec.json"]) {
      const source = join(store.storeRoot, "app", name.replace("app/", ""));
      expect(lstatSync(at(name)).ino).toBe(lstatSync(source).ino);
    }
  });

  it("keep apart what projections separate", async () => {
    const store = smallStore([
      { name: "app", hash: "first", files: { f: "1" } },
      { name: "app", hash: "other", files: { f: "2" } },
    ]);
    const { at } = await view(store, { projections: new Map([["all", "{name}/{hash:5}"]]) });
    expect(readFileSync(at("app/first/f"), "utf8")).toBe("1");
    expect(readFileSync(at("app/other/f"), "utf8")).toBe("2");
  });

  it("skip externals", async () => {
    const store = smallStore([{ name: "gcc", external: "/usr" }]);
    const { path } = await view(store);
    expect(Object.keys(describePrefix(path).entries)).toEqual(["."]);
  });
});

describe("copies", () => {
  const files = {
    "bin/run*": "#!/bin/sh\nexec PREFIX/bin/real\n",
    "share/readonly-": "PREFIX",
    "lib/libx.so": "\x7fELF....PREFIX/lib\0end",
    "lib/here": "-> PREFIX/lib/libx.so",
    "lib/relative": "-> libx.so",
    "lib/elsewhere": "-> /nowhere",
  };

  it("contain paths of the view, and keep modes and times", async () => {
    const store = smallStore([{ name: "app-with-a-name-that-is-long-enough", files }]);
    const [node] = store.graph.values();
    const prefix = node === undefined ? "" : store.prefixOf(node);
    const { path, at } = await view(store, { linkType: "copy" });
    expect(readFileSync(at("bin/run"), "utf8")).toBe(`#!/bin/sh\nexec ${path}/bin/real\n`);
    expect(statSync(at("bin/run")).mode & 0o777).toBe(0o755);
    expect(readFileSync(at("share/readonly"), "utf8")).toBe(path);
    expect(statSync(at("share/readonly")).mode & 0o777).toBe(0o444);
    const binary = readFileSync(at("lib/libx.so"), "latin1");
    expect(binary).toHaveLength(statSync(join(prefix, "lib/libx.so")).size);
    expect(binary).toContain(`${path}/lib\0`);
    expect(["here", "relative", "elsewhere"].map((name) => readlinkSync(at(`lib/${name}`)))).toEqual([
      at("lib/libx.so"),
      "libx.so",
      "/nowhere",
    ]);
    const [copied, source] = [at("lib/elsewhere"), join(prefix, "lib/elsewhere")].map((name) =>
      lstatSync(name),
    );
    expect(copied?.ino).not.toBe(source?.ino);
    expect(readFileSync(at(`.spack/${node?.name}/spec.json`), "utf8")).toBe("{}");
  });

  it("follow projections of dependencies, and map the root of the store", async () => {
    const store = smallStore([
      {
        name: "application",
        needs: ["library"],
        files: { uses: "STORE/library/lib STORE/other STORE/application/x" },
      },
      { name: "library", files: { name: "STORE/application" } },
    ]);
    const { path, at } = await view(store, { linkType: "copy", projections: new Map([["library", "l"]]) });
    expect(readFileSync(at("uses"), "utf8")).toBe(`${path}/l/lib ${path}/other ${path}/x`);
    // A package knows its dependencies, not its dependents.
    expect(readFileSync(at("l/name"), "utf8")).toBe(`${path}/application`);
  });

  it("fail if a binary has no room for a longer path", async () => {
    const store = smallStore([{ name: "a", files: { "lib/x.so": "\x7fELF....PREFIX\0" } }]);
    const projections = new Map([["all", "a-directory-with-a-long-name/{name}"]]);
    await expect(view(store, { linkType: "copy", projections })).rejects.toMatchObject({
      code: "ERR_RELOCATION_BLOCKED",
    });
  });
});

describe("conflicts", () => {
  it("are errors if one package has a directory where another one has a file", async () => {
    const store = smallStore([
      { name: "app", files: { share: "file" } },
      { name: "lib", files: { "share/x": "x" } },
    ]);
    await expect(view(store)).rejects.toMatchObject({
      code: "ERR_VIEW_CONFLICT",
      message: `Cannot merge packages: ${store.storeRoot}/app/share and ${store.storeRoot}/lib/share both project to share.`,
    });
    expect(Object.keys(describePrefix(join(store.home, "v")).entries)).toEqual(["."]);
  });

  it("are errors if two packages have the same name and place", async () => {
    const store = smallStore([
      { name: "app", hash: "first", files: {} },
      { name: "app", hash: "other", files: {} },
    ]);
    await expect(view(store)).rejects.toMatchObject({
      code: "ERR_VIEW_SPECS_CLASH",
      message: expect.stringMatching(/: app@.*\/otheraa and app@.*\/firstaa\.$/),
    });
  });

  it("are errors if something is in the way", async () => {
    const store = smallStore([{ name: "app", files: { "bin/app": "app" } }]);
    mkdirSync(join(store.home, "v/bin/app"), { recursive: true });
    await expect(view(store)).rejects.toMatchObject({ code: "ERR_VIEW_CONFLICT" });
  });

  it("are none between a file and a link to it", async () => {
    const store = smallStore([
      { name: "app", files: { x: "x" } },
      { name: "lib", files: {} },
    ]);
    linkSync(join(store.storeRoot, "app/x"), join(store.storeRoot, "lib/x"));
    expect((await view(store)).conflicts).toEqual([]);
  });
});
