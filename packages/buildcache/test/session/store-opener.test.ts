// Which store a run uses, and the errors if there is none.

import { join } from "node:path";
import type { SpackInstance } from "@spack-oci/spack-config";
import { describe, expect, it } from "vitest";
import { scratchDirectory } from "../../../../tests/support/scratch.js";
import type { SpackLocator } from "../../src/session/spack-locator.js";
import { StoreOpener } from "../../src/session/store-opener.js";
import { graphOf, node } from "../support/nodes.js";

const scratch = scratchDirectory("store-opener");

const instance = {
  installTree: {
    root: "/opt/spack",
    unpaddedRoot: "/opt/spack",
    paddedLength: 0,
    projections: new Map([["all", "{name}"]]),
  },
  upstreams: new Map([["site", join(scratch, "upstream")]]),
  configuration: {
    get: (path: string) => (path === "config:db_lock_timeout" ? { kind: "scalar", value: 17 } : undefined),
  },
  moduleSets: [],
  views: [],
  permissions: () => ({ fileMode: 0o640, directoryMode: 0o750, groupName: "" }),
} as unknown as SpackInstance;

function opener(found: SpackInstance | undefined): StoreOpener {
  return new StoreOpener({ instance: found, instanceIfAny: found } as unknown as SpackLocator);
}

describe("without Spack", () => {
  const stores = opener(undefined);

  it.each(["--store", "--root"] as const)("a store to read from has to be named, with %s", async (option) => {
    await expect(stores.open(undefined, option)).rejects.toMatchObject({
      code: "ERR_NO_STORE",
      kind: "usage",
      message: "No store given and no Spack installation found.",
      hint: expect.stringContaining(`"${option} DIR"`),
    });
  });

  it("a store to pull into has to be named", async () => {
    await expect(stores.destination()).rejects.toMatchObject({
      code: "ERR_NO_STORE",
      hint: expect.stringContaining('"--root DIR"'),
    });
  });

  it.each([{ paddedLength: 64 }, { projections: new Map([["all", "{name}"]]) }])(
    "%j needs a root",
    async (own) => {
      await expect(stores.destination(own)).rejects.toMatchObject({
        code: "ERR_ROOT_MISSING",
        kind: "usage",
        message: "--padded-length and --projection require --root.",
      });
    },
  );

  it("a root is enough, with Spack's defaults for the rest", async () => {
    const { store, prefixOf, upstreams } = await stores.destination({ root: join(scratch, "own") });
    const zlib = node("zlib");
    expect(store.root).toBe(join(scratch, "own"));
    expect(prefixOf(graphOf(zlib), zlib)).toBe(join(scratch, "own", `linux-x86_64/zlib-1-${zlib.hash}`));
    expect(upstreams).toEqual([]);
  });

  it("padding and projections apply to the root", async () => {
    const projections = new Map([["all", "{name}/{version}"]]);
    const { store, prefixOf } = await stores.destination({ root: "/opt/x", paddedLength: 64, projections });
    const zlib = node("zlib");
    expect(store.root).toHaveLength(64);
    expect(prefixOf(graphOf(zlib), zlib)).toBe(`${store.root}/zlib/1`);
  });

  it("a named store has no upstreams", async () => {
    expect(await stores.upstreams(scratch)).toEqual([]);
  });
});

describe("with Spack", () => {
  it("padding without a root is an error too, rather than ignored", async () => {
    await expect(opener(instance).destination({ paddedLength: 64 })).rejects.toMatchObject({
      code: "ERR_ROOT_MISSING",
    });
  });

  it("its own store is used unless one is named", async () => {
    expect((await opener(instance).open()).root).toBe("/opt/spack");
  });

  it("its configuration decides about prefixes, permissions and timeouts", async () => {
    const withoutUpstreams = { ...instance, upstreams: new Map() } as unknown as SpackInstance;
    const destination = await opener(withoutUpstreams).destination();
    const zlib = node("zlib");
    expect(destination.prefixOf(graphOf(zlib), zlib)).toBe("/opt/spack/zlib");
    expect(await destination.permissionsOf("zlib")).toEqual({ fileMode: 0o640, directoryMode: 0o750 });
    expect(destination).toMatchObject({ databaseTimeout: 17, upstreams: [] });
    expect(destination.packageTimeout).toBeUndefined();
  });

  it("its configuration decides about locks", async () => {
    expect(opener(instance).lockSettings()).toEqual({ locks: true, databaseTimeout: 17 });
    const get = (path: string) => (path === "config:locks" ? { kind: "scalar", value: false } : undefined);
    const unlocked = {
      ...instance,
      upstreams: new Map(),
      configuration: { get },
    } as unknown as SpackInstance;
    expect(opener(unlocked).lockSettings()).toEqual({ locks: false });
    expect(await opener(unlocked).destination()).toMatchObject({ locks: false });
    expect(await opener(unlocked).destination({ root: join(scratch, "own") })).toMatchObject({
      locks: false,
    });
  });
});
