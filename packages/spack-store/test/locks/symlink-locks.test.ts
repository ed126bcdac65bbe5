// Locks without native code exclude other processes, and survive their death.

import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { newOwner } from "../../src/locks/lock-owner.js";
import { WHOLE_FILE, whileLocked } from "../../src/locks/locks.js";
import { ProcessLocks } from "../../src/locks/process-locks.js";
import { SymlinkLocks, sweepSymlinkLocks } from "../../src/locks/symlink-locks.js";
import { temporaryDirectory } from "../support/temporary.js";

const exclusive = (timeoutSeconds: number) => ({
  range: WHOLE_FILE,
  mode: "exclusive" as const,
  timeoutSeconds,
});

/** Locks as another process would have them: they share nothing but the file system. */
const newLocks = () => new SymlinkLocks(new ProcessLocks());

/** The text of an owner on this machine that has ended. */
async function endedOwner(): Promise<string> {
  const child = spawn(process.execPath, ["-e", ""], { stdio: "ignore" });
  await once(child, "close");
  return newOwner().replace(` ${process.pid} `, ` ${child.pid} `);
}

/** A lock that others hold. */
function newHeldLock(owner: string): {
  readonly path: string;
  readonly link: string;
  readonly directory: string;
} {
  const directory = temporaryDirectory();
  const path = join(directory, "lock");
  symlinkSync(owner, `${path}.spack-oci`);
  return { path, link: `${path}.spack-oci`, directory };
}

it("exclude others that share nothing but the file system, even while locks are broken", async () => {
  const { path, directory } = newHeldLock(await endedOwner());
  const count = join(directory, "count");
  writeFileSync(count, "0");
  const work = async (locks: SymlinkLocks) => {
    for (let round = 0; round < 3; round += 1)
      await whileLocked(locks.acquire(path, exclusive(60)), async () => {
        const before = Number(readFileSync(count, "utf8"));
        await new Promise((resolve) => setTimeout(resolve, 1));
        writeFileSync(count, String(before + 1));
      });
  };
  await Promise.all(Array.from({ length: 6 }, () => work(newLocks())));
  expect(readFileSync(count, "utf8")).toBe("18");
  expect(readdirSync(directory)).toEqual(["count"]);
});

it("respect the lock of a running process of which /proc shows nothing", async () => {
  const withoutStart = newOwner().replace(/ (\d+) \S+ ([0-9a-f]{16})$/, " $1 - $2");
  const withoutBoot = newOwner().replace(/^(spack-oci \S+) \S+/, "$1 -");
  for (const owner of [withoutStart, withoutBoot]) {
    const { path } = newHeldLock(owner);
    await expect(newLocks().acquire(path, exclusive(0))).rejects.toMatchObject({ code: "ERR_LOCK_TIMEOUT" });
  }
});

it("break the lock of a process that has ended, or of another with the same ID, at once", async () => {
  const reused = newOwner().replace(/ (\d+) \S+ ([0-9a-f]{16})$/, " $1 1 $2");
  const beforeBoot = newOwner().replace(/^(spack-oci \S+) \S+/, "$1 earlier");
  for (const owner of [await endedOwner(), reused, beforeBoot]) {
    const { path, directory } = newHeldLock(owner);
    const held = await newLocks().acquire(path, exclusive(0));
    expect(readdirSync(directory)).toEqual(["lock.spack-oci"]);
    await held.release();
    expect(readdirSync(directory)).toEqual([]);
  }
});

it("break a lock that somebody was breaking who has ended as well", async () => {
  const owner = await endedOwner();
  const { path, link, directory } = newHeldLock(owner);
  symlinkSync(await endedOwner(), `${link}.${owner.slice(-16)}`);
  const held = await newLocks().acquire(path, exclusive(60));
  await held.release();
  expect(readdirSync(directory)).toEqual([]);
});

it("leave a lock to a process that is breaking it", async () => {
  const owner = await endedOwner();
  const { path, link } = newHeldLock(owner);
  symlinkSync(newOwner(), `${link}.${owner.slice(-16)}`);
  await expect(newLocks().acquire(path, exclusive(0))).rejects.toMatchObject({ code: "ERR_LOCK_TIMEOUT" });
  expect(readlinkSync(link)).toBe(owner);
});

it("never break the lock of a process that cannot be seen from here, and name it", async () => {
  const onOtherHost = newOwner().replace(/^spack-oci \S+/, "spack-oci other/1");
  const inContainer = newOwner().replace(/^(spack-oci \S+ \S+) \S+/, "$1 pid:[1]");
  const hint = (holder: string, link: string) =>
    `${holder} holds the lock. If it is no longer running, remove ${link}.`;
  for (const [owner, holder] of [
    [onOtherHost, `Process ${process.pid} on other`],
    [inContainer, /^Process \d+ on \S+$/],
    ["what is this?", "An unknown process"],
  ] as const) {
    const { path, link } = newHeldLock(owner);
    const error = (await newLocks()
      .acquire(path, exclusive(0))
      .catch((each: unknown) => each)) as Error & { hint: string };
    expect(error).toMatchObject({ code: "ERR_LOCK_TIMEOUT", place: link });
    const [named] = error.hint.split(" holds the lock");
    if (typeof holder === "string") expect(error.hint).toBe(hint(holder, link));
    else expect(named).toMatch(holder);
    expect(readlinkSync(link)).toBe(owner);
  }
});

it("report once that a process elsewhere holds a lock for long", async () => {
  const clock = vi.spyOn(performance, "now");
  onTestFinished(() => clock.mockRestore());
  const said: object[] = [];
  const locks = new SymlinkLocks(new ProcessLocks(), (event) => said.push(event));
  const { path, link } = newHeldLock(newOwner().replace(/^spack-oci \S+/, "spack-oci other/1"));
  const attempt = async (milliseconds: number) => {
    clock.mockReturnValue(milliseconds);
    await expect(locks.acquire(path, exclusive(0))).rejects.toMatchObject({ code: "ERR_LOCK_TIMEOUT" });
    return said.length;
  };
  const counts: number[] = [];
  for (const time of [0, 29_000, 31_000, 62_000, 93_000]) counts.push(await attempt(time));
  expect(counts).toEqual([0, 0, 1, 1, 1]);
  expect(said).toEqual([
    { type: "lock-held-elsewhere", path: link, holder: `Process ${process.pid} on other` },
  ]);
});

it("wait for a killed process no longer than it lives", async () => {
  const directory = temporaryDirectory();
  const path = join(directory, "lock");
  const child = spawn(process.execPath, ["-e", "process.stdin.resume(); console.log('up')"], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  await once(child.stdout, "data");
  const isLinux = process.platform === "linux";
  const started = isLinux
    ? readFileSync(`/proc/${child.pid}/stat`, "utf8").split(") ")[1]?.split(" ")[19]
    : "-";
  const owner = newOwner().replace(/ \d+ \S+ ([0-9a-f]{16})$/, ` ${child.pid} ${started} $1`);
  symlinkSync(owner, `${path}.spack-oci`);
  await expect(newLocks().acquire(path, exclusive(0))).rejects.toMatchObject({ code: "ERR_LOCK_TIMEOUT" });
  const waiting = newLocks().acquire(path, exclusive(60));
  child.kill("SIGKILL");
  await (await waiting).release();
});

it("report directories that they may not write to", async (context) => {
  if (process.getuid?.() === 0) return context.skip("root may write everywhere");
  const directory = temporaryDirectory();
  mkdirSync(join(directory, "db"));
  chmodSync(join(directory, "db"), 0o500);
  await expect(newLocks().acquire(join(directory, "db", "lock"), exclusive(0))).rejects.toMatchObject({
    code: "ERR_LOCK_DENIED",
  });
});

it("are swept once their owners have ended", async () => {
  const { directory } = newHeldLock(await endedOwner());
  symlinkSync(newOwner(), join(directory, "prefix_lock.5.spack-oci"));
  writeFileSync(join(directory, "lock"), "");
  await sweepSymlinkLocks(directory);
  expect(readdirSync(directory).sort()).toEqual(["lock", "prefix_lock.5.spack-oci"]);
  await sweepSymlinkLocks(join(directory, "absent"));
});
