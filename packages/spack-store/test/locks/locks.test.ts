// Locks exclude each other within a process, and those of Python, as used by Spack.

import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, linkSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { loadFileLocks } from "../../src/locks/load-file-locks.js";
import { type FileLocks, prefixRange, WHOLE_FILE, whileLocked } from "../../src/locks/locks.js";
import { PosixLocks } from "../../src/locks/posix-locks.js";
import { ProcessLocks } from "../../src/locks/process-locks.js";
import { SymlinkLocks } from "../../src/locks/symlink-locks.js";
import { acquirePrefixLock } from "../../src/store/prefix-lock.js";
import { storeAt } from "../../src/store/store.js";
import { temporaryDirectory } from "../support/temporary.js";
import { hasTool, runPython } from "../support/tools.js";

const events: object[] = [];
const posixLocks = await loadFileLocks((event) => events.push(event));
const python = hasTool("python3", "locks against Python");

/** Whether Python gets a lock; `length` 0 is the whole file. */
function pythonGets(path: string, start = 0n, length = 0): boolean {
  const script = `
import fcntl, sys
try:
    fcntl.lockf(open(sys.argv[1], "r+"), fcntl.LOCK_EX | fcntl.LOCK_NB, int(sys.argv[3]), int(sys.argv[2]))
    print("yes")
except OSError:
    print("no")
`;
  return runPython(script, [path, String(start), String(length)]).trim() === "yes";
}

/** A Python that holds a lock until its input ends. */
async function pythonHolding(
  path: string,
  how: string,
): Promise<ChildProcessByStdio<Writable, Readable, null>> {
  const script = `
import fcntl, sys
file = open(sys.argv[1], "r+")
fcntl.lockf(file, ${how})
print("held", flush=True)
sys.stdin.read()
`;
  const child = spawn("python3", ["-c", script, path], { stdio: ["pipe", "pipe", "inherit"] });
  await once(child.stdout, "data");
  return child;
}

const range = (start: number, length: number) => ({ start: BigInt(start), length: BigInt(length) });

const implementations: [string, FileLocks][] = [
  ["within a process", new ProcessLocks()],
  ["that Spack honors", posixLocks],
  ["without native code", new SymlinkLocks(new ProcessLocks())],
];

describe.each(implementations)("locks %s", (_, locks) => {
  const path = join(temporaryDirectory(), "lock");

  it("exclude each other on the same bytes, first come, first served", async () => {
    const order: string[] = [];
    const work = (name: string) =>
      whileLocked(
        locks.acquire(path, { range: WHOLE_FILE, mode: "exclusive", timeoutSeconds: 10 }),
        async () => {
          order.push(`${name} begins`);
          await sleep(20);
          order.push(`${name} ends`);
        },
      );
    await Promise.all([work("a"), work("b"), work("c")]);
    expect(order).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
  });

  it("do not affect other bytes, and time out", async () => {
    const first = await locks.acquire(path, { range: range(0, 10), mode: "exclusive" });
    const second = await locks.acquire(path, { range: range(10, 1), mode: "exclusive", timeoutSeconds: 0 });
    await expect(
      locks.acquire(path, { range: range(9, 5), mode: "exclusive", timeoutSeconds: 0.05 }),
    ).rejects.toMatchObject({
      code: "ERR_LOCK_TIMEOUT",
      kind: "conflict",
      place: path,
    });
    await first.release();
    await second.release();
    await (
      await locks.acquire(path, { range: WHOLE_FILE, mode: "exclusive", timeoutSeconds: 0.1 })
    ).release();
  });

  it("are released after an error", async () => {
    const failing = whileLocked(
      locks.acquire(path, { range: WHOLE_FILE, mode: "exclusive", timeoutSeconds: 1 }),
      () => Promise.reject(new Error("no")),
    );
    await expect(failing).rejects.toThrow("no");
    await (
      await locks.acquire(path, { range: WHOLE_FILE, mode: "exclusive", timeoutSeconds: 0.1 })
    ).release();
  });
});

it("Spack honors the locks on this platform", () => {
  expect(posixLocks).toBeInstanceOf(PosixLocks);
  expect(posixLocks.honoredBySpack).toBe(true);
  expect(events).toEqual([]);
});

describe.skipIf(!python)("locks against Python", () => {
  const path = join(temporaryDirectory(), "deep", "prefix_lock");
  const byte = 239831433484525814n;

  it("exclude Python from the byte of a spec, but not from its neighbors", async () => {
    const spec = prefixRange("a2ubvvqnula6zdppckwqrjf3zmsdzpoh");
    const held = await posixLocks.acquire(path, { range: spec, mode: "exclusive" });
    expect(existsSync(path)).toBe(true);
    expect(pythonGets(path, byte, 1)).toBe(false);
    expect(pythonGets(path, byte - 1n, 1)).toBe(true);
    expect(pythonGets(path, byte + 1n, 1)).toBe(true);
    await held.release();
    expect(pythonGets(path, byte, 1)).toBe(true);
  });

  it("extend to the last byte that a file can have", async () => {
    const held = await posixLocks.acquire(path, { range: prefixRange("7".repeat(32)), mode: "exclusive" });
    expect(pythonGets(path, 2n ** 63n - 1n, 1)).toBe(false);
    expect(pythonGets(path, 2n ** 63n - 2n, 1)).toBe(true);
    await held.release();
  });

  it("stay when another lock of the same file is released", async () => {
    const one = await posixLocks.acquire(path, { range: range(1, 1), mode: "exclusive" });
    const two = await posixLocks.acquire(path, { range: range(2, 1), mode: "exclusive" });
    await two.release();
    await two.release();
    expect([pythonGets(path, 1n, 1), pythonGets(path, 2n, 1)]).toEqual([false, true]);
    await one.release();
    expect(pythonGets(path)).toBe(true);
  });

  it("wait for Python", async () => {
    writeFileSync(path, "");
    const holder = await pythonHolding(path, "fcntl.LOCK_EX");
    await expect(
      posixLocks.acquire(path, { range: WHOLE_FILE, mode: "shared", timeoutSeconds: 0.05 }),
    ).rejects.toMatchObject({ code: "ERR_LOCK_TIMEOUT" });
    const waiting = posixLocks.acquire(path, { range: WHOLE_FILE, mode: "exclusive" });
    holder.stdin.end();
    const held = await waiting;
    expect(pythonGets(path)).toBe(false);
    await held.release();
  });

  it("are shared with Python, and exclude only writers", async () => {
    const holder = await pythonHolding(path, `fcntl.LOCK_SH, 1, ${byte}`);
    const spec = { start: byte, length: 1n };
    const held = await posixLocks.acquire(path, { range: spec, mode: "shared", timeoutSeconds: 0 });
    await held.release();
    await expect(
      posixLocks.acquire(path, { range: spec, mode: "exclusive", timeoutSeconds: 0 }),
    ).rejects.toMatchObject({ code: "ERR_LOCK_TIMEOUT" });
    holder.stdin.end();
    await once(holder, "close");
  });

  it("are those of a file, whatever its path, and of a new file at that path", async () => {
    const file = join(temporaryDirectory(), "lock");
    const held = await posixLocks.acquire(file, { range: WHOLE_FILE, mode: "exclusive" });
    const [linked, viaDirectory] = [`${file}.2`, `${dirname(file)}.link`];
    linkSync(file, linked);
    symlinkSync(dirname(file), viaDirectory);
    for (const other of [linked, join(viaDirectory, "lock")]) {
      const again = posixLocks.acquire(other, { range: WHOLE_FILE, mode: "exclusive", timeoutSeconds: 0 });
      await expect(again).rejects.toMatchObject({ code: "ERR_LOCK_TIMEOUT", place: other });
    }
    expect(pythonGets(file)).toBe(false);
    renameSync(file, `${file}.old`);
    const fresh = await posixLocks.acquire(file, { range: WHOLE_FILE, mode: "exclusive", timeoutSeconds: 0 });
    expect(pythonGets(file)).toBe(false);
    await fresh.release();
    expect([pythonGets(file), pythonGets(`${file}.old`)]).toEqual([true, false]);
    await held.release();
  });
});

it("say that a file system does not support locks", async () => {
  const locks = new PosixLocks({ lock: () => constants.errno.ENOLCK, unlock: () => 0 });
  const path = join(temporaryDirectory(), "lock");
  await expect(locks.acquire(path, { range: WHOLE_FILE, mode: "exclusive" })).rejects.toMatchObject({
    code: "ERR_LOCK_FAILED",
    message: `Could not lock ${path}: the file system does not support locks (ENOLCK).`,
    hint: expect.stringContaining("config:locks: false") as string,
  });
});

describe("acquirePrefixLock", () => {
  const [one, two] = ["a2ubvvqnula6zdppckwqrjf3zmsdzpoh", "jrtxylmzw232laxox2s5a5wkhr7skrim"] as const;
  const store = storeAt(temporaryDirectory());
  const locked = <T>(hash: string, work: () => Promise<T>) =>
    whileLocked(acquirePrefixLock(store, hash, { locks: posixLocks, mode: "exclusive" }), work);

  it("allows concurrent installs of different specs", async () => {
    const inside: string[] = [];
    let bothInside = () => {};
    const met = new Promise<void>((resolve) => {
      bothInside = resolve;
    });
    // Nobody leaves before both have come in: if one had to wait for the other, this would not end.
    const meet = (hash: string) =>
      locked(hash, async () => {
        if (inside.push(hash) === 2) bothInside();
        await met;
      });
    await Promise.all([meet(one), meet(two)]);
    expect(inside.sort()).toEqual([one, two]);
    expect(existsSync(join(store.databaseDirectory, "prefix_lock"))).toBe(true);
  });

  it("serializes installs of the same spec", async () => {
    let inside = 0;
    const alone = () =>
      locked(one, async () => {
        inside += 1;
        await sleep(20);
        const there = inside;
        inside -= 1;
        return there;
      });
    expect(await Promise.all([alone(), alone(), alone()])).toEqual([1, 1, 1]);
  });
});

describe("prefixRange", () => {
  it("is the byte at the first 63 bits of the hash", () => {
    const spec = prefixRange("a2ubvvqnula6zdppckwqrjf3zmsdzpoh");
    expect(spec).toEqual({ start: 239831433484525814n, length: 1n });
    expect(prefixRange("7".repeat(32))).toEqual({ start: 2n ** 63n - 1n, length: 1n });
  });
});

it("takes no locks between processes if they are disabled, and says so each time", async () => {
  const path = join(temporaryDirectory(), "lock");
  const said: object[] = [];
  const locks = await loadFileLocks((event) => said.push(event), false);
  expect(locks.honoredBySpack).toBe(false);
  const held = await locks.acquire(path, { range: WHOLE_FILE, mode: "exclusive" });
  expect(existsSync(path)).toBe(false);
  const again = await loadFileLocks((event) => said.push(event), false);
  await expect(
    again.acquire(path, { range: WHOLE_FILE, mode: "exclusive", timeoutSeconds: 0 }),
  ).rejects.toMatchObject({ code: "ERR_LOCK_TIMEOUT" });
  await held.release();
  const event = { type: "locks-unavailable", reason: "config:locks is false.", amongOurselves: false };
  expect(said).toEqual([event, event]);
});
