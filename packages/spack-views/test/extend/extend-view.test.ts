// Packages are added to a view as a whole, or not at all.

import { existsSync, lstatSync, mkdirSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { describePrefix } from "../../../../tests/support/describe-prefix.js";
import { extendView } from "../../src/extend/extend-view.js";
import { smallStore } from "../support/small-store.js";

type Store = ReturnType<typeof smallStore>;
type View = Parameters<typeof extendView>[0];

function add(store: Store, settings: Partial<View> = {}) {
  const path = join(store.home, "a/b/view");
  return extendView(
    { path, linkType: "symlink", ignoresConflicts: false, ...settings },
    [...store.graph.values()],
    store,
  );
}

describe("links to directories", () => {
  it("become empty directories, as in Spack", async () => {
    const store = smallStore([{ name: "app", files: { "lib/x": "x", lib64: "-> lib" } }]);
    expect(await add(store)).toMatchObject({ outcome: "extended", added: [{ name: "app" }] });
    const view = join(store.home, "a/b/view");
    expect(lstatSync(join(view, "lib64")).isDirectory()).toBe(true);
    expect(readlinkSync(join(view, "lib/x"))).toBe(join(store.storeRoot, "app/lib/x"));
  });
});

it("keeps the file of the first package if conflicts are ignored", async () => {
  const store = smallStore([
    { name: "app", files: { "share/doc": "of app" } },
    { name: "lib", files: { "share/doc": "of lib" } },
  ]);
  await expect(add(store)).rejects.toMatchObject({ code: "ERR_VIEW_CONFLICT", kind: "conflict" });
  expect(existsSync(join(store.home, "a"))).toBe(false);
  await add(store, { ignoresConflicts: true });
  expect(readlinkSync(join(store.home, "a/b/view/share/doc"))).toBe(join(store.storeRoot, "app/share/doc"));
});

it("takes back what it added, and nothing else, if an error happens later", async () => {
  const store = smallStore([
    { name: "app", files: { "share/doc": "of app" } },
    { name: "lib", files: { "lib/x": "x" } },
  ]);
  const view = join(store.home, "view");
  mkdirSync(join(view, "share/mine"), { recursive: true });
  symlinkSync("nowhere", join(view, "dangling"));
  const before = describePrefix(view);
  // Copying a link to nothing works, copying a file that is gone does not.
  const vanishing = {
    ...store,
    prefixOf: (node: Parameters<Store["prefixOf"]>[0]) => {
      if (existsSync(join(view, "share/doc"))) rmSync(join(store.storeRoot, "lib/lib/x"), { force: true });
      return store.prefixOf(node);
    },
  };
  const nodes = [...store.graph.values()];
  const extension = { path: view, linkType: "copy", ignoresConflicts: false } as const;
  await expect(extendView(extension, nodes, vanishing)).rejects.toMatchObject({ code: "ERR_VIEW_FAILED" });
  expect(describePrefix(view)).toEqual(before);
});

it("leaves views with projections to Spack", async () => {
  const store = smallStore([{ name: "app" }]);
  const view = join(store.home, "a/b/view");
  mkdirSync(join(view, ".spack"), { recursive: true });
  writeFileSync(join(view, ".spack/projections.yaml"), "projections: {}\n");
  await expect(add(store)).rejects.toMatchObject({ code: "ERR_VIEW_PROJECTIONS", kind: "unsupported" });
});

it("leaves packages to Spack whose recipes take part, and externals alone", async () => {
  const store = smallStore([
    {
      name: "app",
      recipe: "class App(Package):\n    def add_files_to_view(self, view, merge_map):\n        pass\n",
    },
    { name: "outside", external: "/usr" },
  ]);
  expect(await add(store)).toMatchObject({ outcome: "needs-spack", because: [{ name: "app" }] });
  const externals = [...store.graph.values()].filter(({ external }) => external !== undefined);
  const path = join(store.home, "view");
  const view = { path, linkType: "symlink", ignoresConflicts: false } as const;
  expect(await extendView(view, externals, store)).toMatchObject({
    added: [],
    externals: [{ name: "outside" }],
  });
  expect(existsSync(path)).toBe(false);
});
