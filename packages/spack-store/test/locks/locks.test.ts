// Locks exclude each other within a process, and those of Python, as used by Spack.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { type FileLocks, prefixRange, WHOLE_FILE, whileLocked } from "../../src/locks/locks.js";
import { type LocksUnavailable, loadFileLocks } from "../../src/locks/posix-locks.js";
import { ProcessLocks } from "../../src/locks/process-locks.js";
import { acquirePrefixLock } from "../../src/store/prefix-lock.js";
import { storeAt } from "../../src/store/store.js";
import { temporaryDirectory } from "../support/temporary.js";
import { hasTool, runPython } from "../support/tools.js";

const events: LocksUnavailable[] = [];
const posixLocks = await loadFileLocks((event) => events.push(event));
const native = posixLocks.crossProcess;
if (!native) console.log("skipped: locks between processes (os-lock is not compiled)");
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

const implementations: [string, FileLocks][] = [["within a process", new ProcessLocks()]];
if (native) implementations.push(["between processes", posixLocks]);

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
    const first = await locks.acquire(path, { range: { start: 0, length: 10 }, mode: "exclusive" });
    const second = await locks.acquire(path, {
      range: { start: 10, length: 1 },
      mode: "exclusive",
      timeoutSeconds: 0.1,
    });
    await expect(
      locks.acquire(path, { range: { start: 9, length: 5 }, mode: "exclusive", timeoutSeconds: 0.05 }),
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

describe.skipIf(!native || !python)("locks against Python", () => {
  const path = join(temporaryDirectory(), "deep", "prefix_lock");

  it("exclude Python from the byte of a spec, but not of others", async () => {
    const hash = "a2ubvvqnula6zdppckwqrjf3zmsdzpoh";
    const held = await posixLocks.acquire(path, { range: prefixRange(hash), mode: "exclusive" });
    expect(existsSync(path)).toBe(true);
    expect(pythonGets(path, 239831433484525814n, 1)).toBe(false);
    expect(pythonGets(path, 239831433484525814n + 1024n, 1)).toBe(true);
    await held.release();
    expect(pythonGets(path, 239831433484525814n, 1)).toBe(true);
  });

  it("extend to the end of the range", async () => {
    const held = await posixLocks.acquire(path, { range: prefixRange("7".repeat(32)), mode: "exclusive" });
    expect(pythonGets(path, 2n ** 63n - 2n, 1)).toBe(false);
    await held.release();
  });

  it("wait for Python", async () => {
    const script =
      "import fcntl, sys, time; f = open(sys.argv[1], 'r+'); fcntl.lockf(f, fcntl.LOCK_EX); print(1, flush=True); time.sleep(0.5)";
    const child = spawn("python3", ["-c", script, path], { stdio: ["ignore", "pipe", "inherit"] });
    await once(child.stdout, "data");
    await expect(
      posixLocks.acquire(path, { range: WHOLE_FILE, mode: "shared", timeoutSeconds: 0.05 }),
    ).rejects.toMatchObject({
      code: "ERR_LOCK_TIMEOUT",
    });
    const held = await posixLocks.acquire(path, { range: WHOLE_FILE, mode: "exclusive", timeoutSeconds: 10 });
    expect(pythonGets(path)).toBe(false);
    await held.release();
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
    expect(existsSync(join(store.databaseDirectory, "prefix_lock"))).toBe(native);
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
  it("covers the byte of the hash exactly", () => {
    const { start, length } = prefixRange("a2ubvvqnula6zdppckwqrjf3zmsdzpoh");
    expect([BigInt(start), length]).toEqual([239831433484525814n - (239831433484525814n % 1024n), 1024]);
    const last = prefixRange("7".repeat(32));
    expect([BigInt(last.start) + BigInt(last.length), last.length]).toEqual([2n ** 63n - 1n, 1023]);
  });
});

it("reports a missing native module", () => {
  expect(events).toEqual(native ? [] : [{ type: "locks-unavailable", reason: expect.any(String) as string }]);
});

it("takes no locks between processes if they are disabled, and says so each time", async () => {
  const path = join(temporaryDirectory(), "lock");
  const reasons: string[] = [];
  const locks = await loadFileLocks(({ reason }) => reasons.push(reason), false);
  expect(locks.crossProcess).toBe(false);
  const held = await locks.acquire(path, { range: WHOLE_FILE, mode: "exclusive" });
  expect(existsSync(path)).toBe(false);
  const again = await loadFileLocks(({ reason }) => reasons.push(reason), false);
  await expect(
    again.acquire(path, { range: WHOLE_FILE, mode: "exclusive", timeoutSeconds: 0 }),
  ).rejects.toMatchObject({ code: "ERR_LOCK_TIMEOUT" });
  await held.release();
  expect(reasons).toEqual(["config:locks is false.", "config:locks is false."]);
});
