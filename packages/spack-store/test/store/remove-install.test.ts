// One package is removed with its record, and nothing else.

import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readNode, type SpecNode } from "@spack-oci/spack-spec";
import { beforeEach, expect, it } from "vitest";
import { databaseOf, type InstallRecord } from "../../src/database/record.js";
import { loadFileLocks } from "../../src/locks/load-file-locks.js";
import { readInstallDatabase } from "../../src/store/database-file.js";
import { acquirePrefixLock } from "../../src/store/prefix-lock.js";
import { type RemovalOptions, removeInstall } from "../../src/store/remove-install.js";
import { replaceDatabase } from "../../src/store/replace-database.js";
import { type Store, storeAt } from "../../src/store/store.js";
import { temporaryDirectory } from "../support/temporary.js";

const locks = await loadFileLocks();
const [app, library, other] = ["a", "b", "c"].map((letter) => letter.repeat(32)) as [string, string, string];
let store: Store;

beforeEach(() => {
  store = storeAt(join(temporaryDirectory(), "store"));
});

function node(hash: string, dependency?: string, external?: string): SpecNode {
  const edge = { name: "x", hash: dependency, parameters: { deptypes: ["link"], virtuals: [] } };
  const json = {
    name: `p${hash[0]}`,
    version: "1",
    hash,
    ...(dependency ? { dependencies: [edge] } : {}),
    ...(external ? { external: { path: external, module: null } } : {}),
  };
  return readNode(toMap(json) as never, 5);
}

function toMap(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toMap);
  if (typeof value !== "object" || value === null) return value;
  return new Map(Object.entries(value).map(([key, item]) => [key, toMap(item)]));
}

/** A store in which `app` needs `library`; records may differ. */
async function fill(changes: Readonly<Record<string, Partial<InstallRecord>>> = {}): Promise<void> {
  const records = new Map<string, InstallRecord>();
  for (const spec of [node(library), node(app, library), node(other)]) {
    const path = join(store.root, "arch", spec.name, "1");
    const plain = { refCount: spec.hash === library ? 1 : 0, path, installed: true, explicit: false };
    records.set(spec.hash, {
      spec,
      ...plain,
      installationTime: 1,
      deprecatedFor: null,
      ...changes[spec.hash],
    });
    mkdirSync(join(path, ".spack"), { recursive: true });
    writeFileSync(join(path, ".spack", "spec.json"), "{}");
  }
  mkdirSync(store.databaseDirectory, { recursive: true });
  await replaceDatabase(store, databaseOf(records));
}

const remove = (hash: string, options: Partial<RemovalOptions> = {}) =>
  removeInstall(store, hash, { locks, ...options });
const recorded = async () => [...(await readInstallDatabase(store)).records.keys()].sort();
const prefixes = () =>
  existsSync(join(store.root, "arch")) ? readdirSync(join(store.root, "arch")).sort() : [];

it("removes the prefix, the directories that become empty, and the record", async () => {
  await fill();
  expect(await remove(app)).toBe("removed");
  expect(prefixes()).toEqual(["pb", "pc"]);
  expect(await recorded()).toEqual([library, other]);
  for (const hash of [library, other]) expect(await remove(hash)).toBe("removed");
  expect(readdirSync(store.root)).toEqual([".spack-db"]);
  expect(await remove(app)).toBe("absent");
});

it("refuses to remove what an installed package needs, unless forced", async () => {
  await fill();
  await expect(remove(library)).rejects.toMatchObject({
    code: "ERR_PACKAGE_NEEDED",
    kind: "conflict",
    message: expect.stringContaining("is needed by pa@1/aaaaaaa"),
  });
  expect(prefixes()).toEqual(["pa", "pb", "pc"]);
  expect(await remove(library, { force: true })).toBe("removed");
  expect((await readInstallDatabase(store)).records.get(library)).toMatchObject({
    installed: false,
    refCount: 1,
  });
  expect(await remove(library)).toBe("absent");
});

it("removes the record of a package whose prefix is gone", async () => {
  await fill();
  rmSync(join(store.root, "arch", "pc"), { recursive: true });
  expect(await remove(other)).toBe("forgotten");
  expect(await recorded()).toEqual([app, library]);
});

it("asks under the lock whether the package may still be removed", async () => {
  await fill();
  expect(await remove(other, { mayRemove: ({ records }) => records.size < 3 })).toBe("kept");
  expect(prefixes()).toContain("pc");
});

it("waits for others who use the package, and gives up after the timeout", async () => {
  await fill();
  const held = await acquirePrefixLock(store, other, { locks, mode: "shared" });
  const waits: string[] = [];
  const onWait = () => {
    waits.push("waiting");
    void held.release();
  };
  expect(await remove(other, { onWait })).toBe("removed");
  expect(waits).toEqual(["waiting"]);
  const kept = await acquirePrefixLock(store, app, { locks, mode: "shared" });
  await expect(remove(app, { packageTimeoutSeconds: 0 })).rejects.toMatchObject({ code: "ERR_LOCK_TIMEOUT" });
  const stop = new AbortController();
  const stopped = remove(app, { signal: stop.signal, onWait: () => stop.abort(new Error("enough")) });
  await expect(stopped).rejects.toThrow("enough");
  await kept.release();
  expect(await recorded()).toEqual([app, library]);
});

it.each([
  ["outside of the store", () => temporaryDirectory()],
  ["above other packages", () => join(store.root, "arch")],
  ["that leads out of the store", () => `${store.root}/arch/../..`],
  ["of the database", () => store.databaseDirectory],
  ["of the store itself", () => store.root],
])("never removes a prefix %s", async (_, path) => {
  await fill({ [other]: { path: path() } });
  await expect(remove(other, { force: true })).rejects.toMatchObject({
    code: "ERR_PREFIX_UNSAFE",
    kind: "conflict",
  });
  expect(prefixes()).toEqual(["pa", "pb", "pc"]);
  expect(await recorded()).toEqual([app, library, other]);
});

it("does not follow a link in place of a prefix", async () => {
  await fill();
  const outside = temporaryDirectory();
  writeFileSync(join(outside, "file"), "");
  rmSync(join(store.root, "arch", "pc", "1"), { recursive: true });
  symlinkSync(outside, join(store.root, "arch", "pc", "1"));
  await expect(remove(other)).rejects.toMatchObject({ code: "ERR_PREFIX_UNSAFE" });
  expect(existsSync(join(outside, "file"))).toBe(true);
});

it("leaves the files of an external alone", async () => {
  const external = temporaryDirectory();
  const spec = node(other, undefined, external);
  await fill({ [other]: { path: external, spec } });
  expect(await remove(other)).toBe("removed");
  expect(existsSync(external)).toBe(true);
  expect(await recorded()).toEqual([app, library]);
});

it("removes the link and the kept spec of a deprecated package", async () => {
  await fill({ [other]: { installed: false, deprecatedFor: library } });
  const prefix = join(store.root, "arch", "pc", "1");
  const replacement = join(store.root, "arch", "pb", "1");
  rmSync(prefix, { recursive: true });
  symlinkSync(replacement, prefix);
  const kept = join(replacement, ".spack", "deprecated", `${other}_spec.json`);
  mkdirSync(join(kept, ".."));
  writeFileSync(kept, "{}");
  expect(await remove(other)).toBe("removed");
  expect([existsSync(kept), existsSync(replacement)]).toEqual([false, true]);
  expect(prefixes()).toEqual(["pa", "pb"]);
});

it("removes read-only packages of the same owner, and says whose it is otherwise", async (context) => {
  await fill();
  const prefix = join(store.root, "arch", "pc", "1");
  mkdirSync(join(prefix, "bin"));
  writeFileSync(join(prefix, "bin", "tool"), "");
  for (const path of ["bin", ".spack", ""]) chmodSync(join(prefix, path), 0o555);
  if (process.getuid?.() !== 0) return expect(await remove(other)).toBe("removed");
  // Root may do everything, so somebody else has to try.
  const source = new URL("../../dist/index.js", import.meta.url).href;
  if (!existsSync(new URL(source))) return context.skip("the package is not built");
  const script = `
    import { removeInstall, loadFileLocks, storeAt } from ${JSON.stringify(source)};
    const [root, hash] = process.argv.slice(1);
    try {
      console.log(await removeInstall(storeAt(root), hash, { locks: await loadFileLocks() }));
    } catch (error) { console.log(error.code + " " + error.kind); }`;
  const run = () =>
    spawnSync(process.execPath, ["--input-type=module", "-e", script, store.root, other], {
      uid: 65534,
      encoding: "utf8",
    });
  const home = join(store.root, "..");
  spawnSync("chmod", ["755", home]);
  spawnSync("chown", ["-R", "65534", store.databaseDirectory]);
  expect(run()).toMatchObject({ stdout: "ERR_PREFIX_REMOVAL denied\n", stderr: "" });
  expect(existsSync(join(prefix, ".spack", "spec.json"))).toBe(true);
  spawnSync("chown", ["-R", "65534", home]);
  expect(run()).toMatchObject({ stdout: "removed\n", stderr: "" });
  expect(prefixes()).toEqual(["pa", "pb"]);
});
