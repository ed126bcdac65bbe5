// A view is replaced at once, only if it changes, and only if nothing of the user's is in the way.

import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { regenerateView } from "../../src/environment/regenerate-view.js";
import { descriptor, smallStore } from "../support/small-store.js";

const twoPackages = () =>
  smallStore([
    { name: "app", needs: ["lib"], files: { "bin/app*": "app" } },
    { name: "lib", files: { "lib/x": "x" } },
  ]);

describe("the link at the root", () => {
  it("leads to a directory that is named after the content", async () => {
    const store = twoPackages();
    const root = join(store.home, "views/v");
    expect(await regenerateView(descriptor(root), store)).toMatchObject({
      outcome: "updated",
      packages: 2,
      conflicts: [],
    });
    expect(readFileSync(join(root, "bin/app"), "utf8")).toBe("app");
    const target = readlinkSync(root);
    expect(dirname(target)).toBe(join(store.home, "views/._v"));
    expect(readdirSync(join(store.home, "views")).sort()).toEqual(["._v", "v"]);
    const before = lstatSync(root).ino;
    expect(await regenerateView(descriptor(root), store)).toEqual({ outcome: "unchanged", packages: 2 });
    expect(lstatSync(root).ino).toBe(before);
  });

  it("moves on to another directory when the view changes, and the previous one is removed", async () => {
    const store = twoPackages();
    const root = join(store.home, "v");
    await regenerateView(descriptor(root), store);
    const previous = readlinkSync(root);
    await regenerateView(descriptor(root, { select: ["lib"] }), store);
    expect(readlinkSync(root)).not.toBe(previous);
    expect(existsSync(previous)).toBe(false);
    expect(existsSync(join(root, "bin"))).toBe(false);
    expect(existsSync(join(root, "lib/x"))).toBe(true);
  });

  it("replaces an empty directory, but nothing else", async () => {
    const store = twoPackages();
    const root = join(store.home, "v");
    mkdirSync(root);
    expect(await regenerateView(descriptor(root), store)).toMatchObject({ outcome: "updated" });

    const full = join(store.home, "full");
    mkdirSync(join(full, "mine"), { recursive: true });
    const file = join(store.home, "file");
    writeFileSync(file, "mine");
    for (const place of [full, file]) {
      await expect(regenerateView(descriptor(place), store)).rejects.toMatchObject({
        code: "ERR_VIEW_IN_THE_WAY",
        place,
      });
    }
    expect(readFileSync(file, "utf8")).toBe("mine");
    expect(existsSync(join(full, "mine"))).toBe(true);
  });

  it("may be the user's, whose directory stays", async () => {
    const store = twoPackages();
    const root = join(store.home, "v");
    mkdirSync(join(store.home, "mine"));
    symlinkSync("mine", root);
    expect(await regenerateView(descriptor(root), store)).toMatchObject({ outcome: "updated" });
    expect(existsSync(join(store.home, "mine"))).toBe(true);
  });
});

describe("after a failure", () => {
  it("the previous view is still there, and nothing else", async () => {
    const store = twoPackages();
    const root = join(store.home, "v");
    await regenerateView(descriptor(root, { link: "roots" }), store);
    const previous = readlinkSync(root);
    mkdirSync(join(store.storeRoot, "lib/bin/app"), { recursive: true });
    await expect(regenerateView(descriptor(root), store)).rejects.toMatchObject({
      code: "ERR_VIEW_CONFLICT",
    });
    expect(readlinkSync(root)).toBe(previous);
    expect(readdirSync(join(store.home, "._v"))).toHaveLength(1);
    expect(existsSync(join(store.home, "._view_link"))).toBe(false);
  });

  it("a new directory with something in it is not used", async () => {
    const store = twoPackages();
    const root = join(store.home, "v");
    await regenerateView(descriptor(root), store);
    const directory = readlinkSync(root);
    rmSync(root);
    await expect(regenerateView(descriptor(root), store)).rejects.toMatchObject({
      code: "ERR_VIEW_IN_THE_WAY",
      place: directory,
      hint: `Remove ${directory}, and pull again.`,
    });
  });

  it("what a killed process left in a new directory is removed", async () => {
    const store = twoPackages();
    const root = join(store.home, "v");
    await regenerateView(descriptor(root), store);
    const directory = readlinkSync(root);
    rmSync(root);
    writeFileSync(join(directory, "remains"), "");
    writeFileSync(`${directory}.unfinished`, "");
    expect(await regenerateView(descriptor(root), store)).toMatchObject({ outcome: "updated" });
    expect(existsSync(join(root, "remains"))).toBe(false);
    expect(readdirSync(dirname(directory))).toHaveLength(1);
  });

  it("errors of the file system name the view", async () => {
    const store = twoPackages();
    rmSync(join(store.storeRoot, "lib"), { recursive: true });
    const root = join(store.home, "v");
    await expect(regenerateView(descriptor(root), store)).rejects.toMatchObject({
      code: "ERR_VIEW_FAILED",
      message: expect.stringContaining(`Could not make the view ${root}: ENOENT`),
    });
  });
});

describe("recipes with view methods", () => {
  const recipe = "class App(Package):\n    def add_files_to_view(self, view, merge_map):\n        pass\n";

  it("leave the view to Spack", async () => {
    const store = smallStore([{ name: "app", recipe, files: { x: "x" } }]);
    const root = join(store.home, "v");
    const change = await regenerateView(descriptor(root), store);
    expect(change).toMatchObject({ outcome: "needs-spack", packages: 1, because: [{ name: "app" }] });
    expect(existsSync(root)).toBe(false);
    const without = descriptor(root, { exclude: ["app"] });
    expect(await regenerateView(without, store)).toMatchObject({ outcome: "updated", packages: 0 });
  });

  it("count for extensions of Python only with a Python of Spack's", async () => {
    const outcome = async (external: string | undefined) => {
      const python = {
        name: "python",
        ...(external === undefined ? { recipe: "class Python(Package):" } : { external }),
      };
      const store = smallStore([
        { name: "py-x", needs: ["python"], recipe: "class PyX(PythonPackage):", files: { x: "x" } },
        python,
      ]);
      const { outcome: result } = await regenerateView(
        descriptor(join(store.home, "v"), { exclude: ["python"] }),
        store,
      );
      return result;
    };
    expect(await outcome("/usr")).toBe("updated");
    expect(await outcome(undefined)).toBe("needs-spack");
  });

  it("count for other extensions only with projections, which they share", async () => {
    const store = smallStore([
      { name: "perl-x", needs: ["perl"], recipe: "class PerlX(PerlPackage):", files: { x: "x" } },
      { name: "perl", files: { p: "p" } },
    ]);
    const root = join(store.home, "v");
    expect(await regenerateView(descriptor(root), store)).toMatchObject({ outcome: "updated" });
    const projections = new Map([["perl", "perl"]]);
    expect(await regenerateView(descriptor(root, { projections }), store)).toMatchObject({
      outcome: "needs-spack",
    });
  });
});
