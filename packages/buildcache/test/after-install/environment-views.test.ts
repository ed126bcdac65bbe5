// What becomes of the views of an environment, and that one that fails does not stop the others.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SpackOciError } from "@spack-oci/errors";
import { asObject, parseJson, type SpecNode } from "@spack-oci/spack-spec";
import {
  databaseOf,
  type FileLocks,
  loadFileLocks,
  storeAt,
  updateInstallDatabase,
} from "@spack-oci/spack-store";
import { expect, it, vi } from "vitest";
import { scratchDirectory } from "../../../../tests/support/scratch.js";
import { machOImage } from "../../../spack-tarball/test/support/macho-images.js";
import { blob, oldDirectory, superBlob } from "../../../spack-tarball/test/support/macho-signatures.js";
import { regenerateViews } from "../../src/after-install/environment-views.js";
import type { Destination, EnvironmentViews } from "../../src/destination/destination.js";
import type { BuildcacheEvent } from "../../src/events/events.js";
import { createScheduler } from "../../src/schedule/scheduler.js";
import { graphOf, node } from "../support/nodes.js";

const RECIPE = "class App(Package):\n    def add_files_to_view(self, view, merge_map):\n        pass\n";

/** An environment of one installed package, with views in `views/`. */
async function environmentOf(
  names: readonly string[],
  settings: { readonly recipe?: string; readonly linkType?: "copy"; readonly app?: SpecNode } = {},
) {
  const home = scratchDirectory("environment-views");
  const { app = node("app"), linkType = "symlink" } = settings;
  // Longer than any view, so that paths in copies of binaries fit.
  const store = storeAt(join(home, "opt".padEnd(100, "-")));
  const prefix = join(store.root, "app");
  const recipes = join(prefix, ".spack/repos/spack_repo/builtin/packages/app");
  mkdirSync(recipes, { recursive: true });
  writeFileSync(join(prefix, "file"), "content");
  writeFileSync(join(prefix, ".spack/spec.json"), "{}");
  if (settings.recipe !== undefined) writeFileSync(join(recipes, "package.py"), settings.recipe);
  const locks = await loadFileLocks();
  await updateInstallDatabase(store, { locks }, () =>
    databaseOf(new Map([[app.hash, recordOf(app, prefix)]])),
  );
  const runSpack = vi.fn(() => Promise.resolve());
  const environmentViews: EnvironmentViews = {
    environment: "tests",
    directory: join(home, "environment"),
    views: names.map((name) => {
      const root = join(home, "views", name);
      const written = { root, projections: new Map<string, string>() };
      return {
        ...{ name, root, link: "all", linkType, select: [], exclude: [] },
        ...{ projections: written.projections, written },
      } as const;
    }),
    roots: [app.hash],
    graph: graphOf(app),
    runSpack,
  };
  const destination = { store, upstreams: [], environmentViews } as unknown as Destination;
  const events: BuildcacheEvent[] = [];
  const run = {
    scheduler: createScheduler(1),
    listener: (event: BuildcacheEvent) => void events.push(event),
  };
  return { home, prefix, destination, environmentViews, runSpack, run, events, locks };
}

function recordOf(spec: SpecNode, path: string) {
  const text = `{
    "name": "${spec.name}", "version": "${spec.version}", "namespace": "builtin", "parameters": {}, "hash": "${spec.hash}",
    "arch": { "platform": "linux", "platform_os": "debian12", "target": "x86_64" }
  }`;
  const json = asObject(parseJson(text, { place: "the test" }), "the node");
  const state = { installed: true, explicit: true, deprecatedFor: null };
  return { spec: { ...spec, json }, path, refCount: 0, installationTime: 0, ...state };
}

it("makes every view, under the lock of the environment, and reports it", async () => {
  const { home, destination, run, events, locks } = await environmentOf(["one", "two"]);
  const acquire = vi.fn((...args: Parameters<FileLocks["acquire"]>) => locks.acquire(...args));
  const results = await regenerateViews(destination, { honoredBySpack: true, acquire }, run);
  expect(results).toMatchObject([
    { name: "one", outcome: "updated", packages: 1, conflicts: 0 },
    { name: "two", outcome: "updated" },
  ]);
  expect(events).toEqual(results.map((result) => ({ type: "view", ...result })));
  expect(readFileSync(join(home, "views/two/file"), "utf8")).toBe("content");
  expect(acquire).toHaveBeenCalledExactlyOnceWith(join(home, "environment/.spack-env/transaction_lock"), {
    range: { start: 0n, length: 0n },
    mode: "exclusive",
  });
  expect(await regenerateViews(destination, locks, run)).toMatchObject([
    { outcome: "unchanged" },
    { outcome: "unchanged" },
  ]);
});

it("warns of signatures that lose their identity in copies", async () => {
  const architecture = { platform: "darwin", os: "sonoma", target: "m1", targetJson: "m1" };
  const app = { ...node("app"), architecture };
  const { prefix, destination, run, events, locks } = await environmentOf(["one"], { app, linkType: "copy" });
  const signature = superBlob([
    [0, oldDirectory()],
    [0x10000, blob(0xfade0b01, Buffer.alloc(4000, 1))],
  ]);
  mkdirSync(join(prefix, "lib"));
  writeFileSync(join(prefix, "lib/x.dylib"), machOImage({ text: `${prefix}/share\0`, signature }));
  expect(await regenerateViews(destination, locks, run)).toMatchObject([{ outcome: "updated" }]);
  expect(events).toMatchObject([
    { type: "warning", message: expect.stringMatching(/app.* signed with an identity: lib\/x\.dylib\./) },
    { type: "view" },
  ]);
});

it("does nothing without an environment", async () => {
  const { destination, run, locks } = await environmentOf(["one"]);
  expect(await regenerateViews({ ...destination, environmentViews: undefined }, locks, run)).toEqual([]);
});

it("makes the other views if one fails", async () => {
  const { home, destination, run, locks } = await environmentOf(["one", "two"]);
  mkdirSync(join(home, "views/one/mine"), { recursive: true });
  expect(await regenerateViews(destination, locks, run)).toMatchObject([
    { name: "one", outcome: "failed", error: { code: "ERR_VIEW_IN_THE_WAY" } },
    { name: "two", outcome: "updated" },
  ]);
  expect(existsSync(join(home, "views/one/mine"))).toBe(true);
});

it("reports a lock that cannot be taken for every view", async () => {
  const { destination, run } = await environmentOf(["one", "two"]);
  const error = new SpackOciError("ERR_LOCK_DENIED", "No.", { kind: "denied" });
  const locks = { honoredBySpack: true, acquire: () => Promise.reject(error) };
  expect(await regenerateViews(destination, locks, run)).toMatchObject([
    { name: "one", outcome: "failed", error: { code: "ERR_LOCK_DENIED" } },
    { name: "two", outcome: "failed" },
  ]);
});

it("has Spack make what recipes take part in, once and without the lock", async () => {
  const { destination, runSpack, run, locks } = await environmentOf(["one", "two"], { recipe: RECIPE });
  let isLocked = false;
  const acquire: FileLocks["acquire"] = async (path, request) => {
    const held = await locks.acquire(path, request);
    isLocked = true;
    return {
      release: async () => {
        isLocked = false;
        await held.release();
      },
    };
  };
  runSpack.mockImplementation(async () => expect(isLocked).toBe(false));
  expect(await regenerateViews(destination, { honoredBySpack: true, acquire }, run)).toMatchObject([
    { name: "one", outcome: "made-by-spack", packages: 1 },
    { name: "two", outcome: "made-by-spack" },
  ]);
  expect(runSpack).toHaveBeenCalledOnce();
});

it("says what to run if Spack fails", async () => {
  const { destination, runSpack, run, locks } = await environmentOf(["one"], { recipe: RECIPE });
  runSpack.mockRejectedValue(new SpackOciError("ERR_SPACK_RUN", "No Python.", { kind: "failed" }));
  const [result] = await regenerateViews(destination, locks, run);
  expect(result).toMatchObject({
    outcome: "failed",
    error: {
      code: "ERR_VIEW_NEEDS_SPACK",
      message: expect.stringMatching(/because of the recipes of app@1\/\w{7}: No Python\.$/),
      hint: "Run `spack -e tests env view regenerate`.",
    },
  });
});

it("ends with the abort of the run", async () => {
  const { destination, run, locks } = await environmentOf(["one"]);
  const signal = AbortSignal.abort(new Error("stop"));
  await expect(regenerateViews(destination, locks, { ...run, signal })).rejects.toThrow("stop");
});
