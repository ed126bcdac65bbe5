// A cache that several processes share returns what was stored or nothing, and its size is bounded.

import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CacheDirectory } from "../../src/cache/cache-directory.js";
import { type Descriptor, descriptorOf } from "../../src/content/descriptor.js";
import { blobPath } from "../../src/layout/layout-blobs.js";
import { MemoryTarget } from "../../src/memory/memory-target.js";
import { bodyOf, fetchBytes } from "../../src/storage/bytes.js";

let home: string;
let directory: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "cache-"));
  directory = join(home, "new", "cache");
});
afterEach(() => rmSync(home, { recursive: true }));

const describeBytes = (bytes: Buffer) => descriptorOf("application/json", bytes);
const some = Buffer.from("some content");
const fileOf = ({ digest }: Descriptor) => join(directory, digest.replace(":", "-"));

describe("a cache directory", () => {
  it("returns what was stored, to other processes too", async () => {
    expect(await new CacheDirectory(directory).read(describeBytes(some))).toBeUndefined();
    await new CacheDirectory(directory).write(describeBytes(some), some);
    expect(await new CacheDirectory(directory).read(describeBytes(some))).toEqual(some);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
  });

  it("returns the last note of a kind, counts notes, and removes them", async () => {
    const { digest } = describeBytes(some);
    const cache = new CacheDirectory(directory);
    await cache.writeNote(digest, "kind1", { seen: "first" });
    await cache.writeNote(digest, "kind1", { seen: ["second"] });
    await cache.writeNote(digest, "kind2", 7);
    const other = new CacheDirectory(directory);
    expect(await other.readNote(digest, "kind1")).toEqual({ seen: ["second"] });
    expect(await other.readNote(digest, "kind2")).toBe(7);
    expect(await other.readNote(digest, "kind3")).toBeUndefined();
    expect(await other.read(describeBytes(some))).toBeUndefined();
    expect((await other.usage()).entries).toBe(2);
    writeFileSync(`${fileOf(describeBytes(some))}.kind1`, "{ broken");
    expect(await other.readNote(digest, "kind1")).toBeUndefined();
    await other.clear();
    expect(await other.readNote(digest, "kind2")).toBeUndefined();
  });

  it.each([
    ["cut off", "some con"],
    ["changed", "some_content"],
  ])("does not return a file that was %s", async (_what, text) => {
    const cache = new CacheDirectory(directory);
    await cache.write(describeBytes(some), some);
    writeFileSync(fileOf(describeBytes(some)), text);
    expect(await cache.read(describeBytes(some))).toBeUndefined();
    await cache.write(describeBytes(some), some);
    expect(await cache.read(describeBytes(some))).toEqual(some);
  });

  it("reads what Spack has fetched, and does not change it", async () => {
    const spacks = join(home, "spack");
    const path = blobPath(spacks, describeBytes(some).digest);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, some);
    const { mtimeMs, ctimeMs, ino } = statSync(path);
    const cache = new CacheDirectory(directory, { alsoRead: [join(home, "absent"), spacks] });
    expect(await cache.read(describeBytes(some))).toEqual(some);
    await cache.clear();
    expect(statSync(path)).toMatchObject({ mtimeMs, ctimeMs, ino });
  });

  it("removes the least recently used entries above the limit", async () => {
    const contents = Array.from({ length: 40 }, () => randomBytes(100));
    const cache = new CacheDirectory(directory, { limit: 1000 });
    const [used, ...others] = contents.map(describeBytes) as [Descriptor, ...Descriptor[]];
    for (const [at, bytes] of contents.entries()) {
      await cache.write(describeBytes(bytes), bytes);
      const long = Date.now() / 1000 - 1000 + at;
      utimesSync(fileOf(describeBytes(bytes)), long, long);
      await cache.read(used);
      expect((await cache.usage()).bytes).toBeLessThanOrEqual(1125);
    }
    expect(await cache.read(used)).toBeDefined();
    expect(await cache.read(others.at(-1) as Descriptor)).toBeDefined();
    expect(await cache.read(others[0] as Descriptor)).toBeUndefined();
  });

  it("does not cache content that would displace everything else", async () => {
    const cache = new CacheDirectory(directory, { limit: 20 });
    await cache.write(describeBytes(some), some);
    expect(await cache.usage()).toEqual({ entries: 0, bytes: 0 });
  });

  it("removes the unfinished files of a killed process, and no foreign files", async () => {
    mkdirSync(directory, { recursive: true });
    const [old, young, foreign] = [".incoming.1-0123456789ab.tmp", ".incoming.2-0123456789ab.tmp", "notes"];
    for (const name of [old, young, foreign]) writeFileSync(join(directory, name), "x");
    utimesSync(join(directory, old), 1, 1);
    utimesSync(join(directory, foreign), 1, 1);
    const cache = new CacheDirectory(directory);
    await cache.write(describeBytes(some), some);
    expect(readdirSync(directory)).not.toContain(old);
    expect(await cache.clear()).toEqual({ entries: 1, bytes: some.length });
    expect(readdirSync(directory).sort()).toEqual([young, foreign].sort());
  });

  it("is empty if the directory cannot be used", async () => {
    writeFileSync(join(home, "new"), "a file");
    const cache = new CacheDirectory(directory);
    await cache.write(describeBytes(some), some);
    expect(await cache.read(describeBytes(some))).toBeUndefined();
    expect(await cache.clear()).toEqual({ entries: 0, bytes: 0 });
  });

  it("serves concurrent readers and writers", async () => {
    const contents = Array.from({ length: 50 }, () => randomBytes(1000));
    const caches = Array.from({ length: 4 }, () => new CacheDirectory(directory, { limit: 20_000 }));
    const failures: unknown[] = [];
    await Promise.all(
      caches.flatMap((cache) =>
        contents.map(async (bytes) => {
          await cache.write(describeBytes(bytes), bytes);
          const found = await cache.read(describeBytes(bytes));
          if (found !== undefined && !found.equals(bytes)) failures.push(found);
        }),
      ),
    );
    expect(failures).toEqual([]);
  });
});

describe("fetchBytes", () => {
  it("asks a target with a cache only once", async () => {
    const target = Object.assign(new MemoryTarget(), { cache: new CacheDirectory(directory) });
    await target.push(describeBytes(some), bodyOf(some));
    const fetch = vi.spyOn(target, "fetch");
    for (let time = 0; time < 3; time += 1)
      expect(await fetchBytes(target, describeBytes(some), { limit: 100 })).toEqual(some);
    expect(fetch).toHaveBeenCalledOnce();
  });
});
