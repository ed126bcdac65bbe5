// Who may install a package that others have locked, installed, or left half-done.

import { cpSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { SpackOciError } from "@spack-oci/errors";
import { parseSpecDocument } from "@spack-oci/spack-spec";
import { type FileLocks, type LockMode, registerInstalls, storeAt } from "@spack-oci/spack-store";
import { beforeEach, describe, expect, it } from "vitest";
import { fixture } from "../../../../../tests/support/fixtures.js";
import { scratchDirectory } from "../../../../../tests/support/scratch.js";
import { claimPrefix } from "../../../src/verbs/pull/claim-prefix.js";
import type { PullItem } from "../../../src/verbs/pull/plan-pull.js";

const specFile = fixture("producer/specs/tricky-names-1-beleuo6ahuatandakrubw3e34ihbna2f.spec.json");
const { graph, root: node } = parseSpecDocument(readFileSync(specFile, "utf8"), specFile);
const store = storeAt(join(scratchDirectory("claim"), "opt"));
const prefix = join(store.root, "tricky-names");
const item: PullItem = { node, prefix, tag: "", explicit: true, reinstall: false };

/** Locks of which some are taken by others. */
function locksWithout(...taken: LockMode[]): FileLocks & { held: number } {
  const locks = {
    honoredBySpack: true,
    held: 0,
    async acquire(path: string, { mode }: { readonly mode: LockMode }) {
      if (taken.includes(mode)) {
        throw new SpackOciError("ERR_LOCK_TIMEOUT", "taken", { kind: "conflict", place: path });
      }
      locks.held += 1;
      return {
        async release() {
          locks.held -= 1;
        },
      };
    },
  };
  return locks;
}

function makePrefix(): void {
  mkdirSync(join(prefix, ".spack"), { recursive: true });
  cpSync(specFile, join(prefix, ".spack", "spec.json"));
}

async function record(): Promise<void> {
  const additions = [{ hash: node.hash, explicit: true }];
  await registerInstalls(store, { graph, additions, prefixOf: () => prefix }, { locks: locksWithout() });
}

beforeEach(() => rmSync(store.root, { recursive: true, force: true }));

describe("claimPrefix", () => {
  it("finds nothing in an empty store, and keeps the lock until it is released", async () => {
    const locks = locksWithout();
    const claim = await claimPrefix(store, item, locks);
    expect(claim?.found).toBe("nothing");
    expect(locks.held).toBe(1);
    await claim?.release();
    expect(locks.held).toBe(0);
  });

  it("finds a recorded install", async () => {
    makePrefix();
    await record();
    expect((await claimPrefix(store, item, locksWithout()))?.found).toBe("installed");
  });

  it("treats a prefix without a record as a leftover", async () => {
    makePrefix();
    expect((await claimPrefix(store, item, locksWithout()))?.found).toBe("leftover");
  });

  it("treats a record without its prefix as nothing", async () => {
    makePrefix();
    await record();
    rmSync(prefix, { recursive: true });
    expect((await claimPrefix(store, item, locksWithout()))?.found).toBe("nothing");
  });

  it("finds an installed package that others protect from removal", async () => {
    makePrefix();
    await record();
    const locks = locksWithout("exclusive");
    const claim = await claimPrefix(store, item, locks);
    expect(claim?.found).toBe("installed");
    await claim?.release();
    expect(locks.held).toBe(0);
  });

  it("gives no claim on a package to reinstall while others use it", async () => {
    makePrefix();
    await record();
    const locks = locksWithout("exclusive");
    expect(await claimPrefix(store, { ...item, reinstall: true }, locks)).toBeUndefined();
    expect(locks.held).toBe(0);
  });

  it("gives no claim on a package that another process is about to install", async () => {
    makePrefix();
    const shared = locksWithout("exclusive");
    expect(await claimPrefix(store, item, shared)).toBeUndefined();
    expect(shared.held).toBe(0);
    expect(await claimPrefix(store, item, locksWithout("exclusive", "shared"))).toBeUndefined();
  });

  it("passes on other errors of locks", async () => {
    const acquire = () =>
      Promise.reject(new SpackOciError("ERR_LOCK_DENIED", "read-only", { kind: "denied" }));
    const denied = { honoredBySpack: true, acquire };
    await expect(claimPrefix(store, item, denied)).rejects.toMatchObject({ code: "ERR_LOCK_DENIED" });
  });

  it("releases the lock if the database cannot be read", async () => {
    makePrefix();
    mkdirSync(join(store.databaseDirectory, "index.json"), { recursive: true });
    const locks = locksWithout();
    await expect(claimPrefix(store, item, locks)).rejects.toMatchObject({ code: "ERR_DATABASE_DENIED" });
    expect(locks.held).toBe(0);
  });
});
