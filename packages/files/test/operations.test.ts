// Both variants of the operations behave like node:fs/promises.

import { constants, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as files from "../src/index.js";
import { pace } from "../src/pace.js";

const ways = {
  synchronously: <T>(synchronous: () => T) => Promise.resolve().then(synchronous),
  "on the thread pool": <T>(_synchronous: () => T, onThreadPool: () => Promise<T>) => onThreadPool(),
};

describe.each(Object.entries(ways))("operations %s", (_name, way) => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "operations-"));
    vi.spyOn(pace, "run").mockImplementation(way);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    rmSync(directory, { recursive: true });
  });

  it("creates, links, lists, renames and removes", async () => {
    await files.mkdir(join(directory, "a", "b"), { recursive: true });
    writeFileSync(join(directory, "a", "file"), "text");
    await files.link(join(directory, "a", "file"), join(directory, "a", "second"));
    await files.symlink("file", join(directory, "a", "link"));
    await files.rename(join(directory, "a", "b"), join(directory, "a", "c"));
    const entries = await files.listDirectory(Buffer.from(join(directory, "a")), (name, entry) => {
      const types = [entry.isDirectory(), entry.isFile(), entry.isSymbolicLink()];
      return [name.toString(), types.indexOf(true)];
    });
    expect(entries.sort()).toEqual([
      ["c", 0],
      ["file", 1],
      ["link", 2],
      ["second", 1],
    ]);
    await expect(files.listDirectory(join(directory, "no"), () => 0)).rejects.toMatchObject({
      code: "ENOENT",
      syscall: "opendir",
    });
    expect(await files.readlink(join(directory, "a", "link"), { encoding: "buffer" })).toEqual(
      Buffer.from("file"),
    );
    expect((await files.realpath(join(directory, "a", "link"), "buffer")).toString()).toMatch(/\/a\/file$/);
    await files.unlink(join(directory, "a", "second"));
    const status = await files.lstat(join(directory, "a", "file"), { bigint: true });
    expect([status.size, status.nlink]).toEqual([4n, 1n]);
  });

  it("sets modes and times", async () => {
    const path = join(directory, "file");
    writeFileSync(path, "");
    await files.chmod(path, 0o640);
    await files.utimes(path, 1, 2);
    const status = await files.stat(path);
    expect([status.mode & 0o7777, status.atimeMs, status.mtimeMs]).toEqual([0o640, 1000, 2000]);
  });

  it("writes, reads and truncates an open file", async () => {
    const path = join(directory, "file");
    const file = await files.openFile(path, "wx+", 0o600);
    expect(await file.write(Buffer.from("-abcdef"), { offset: 1, position: 0 })).toMatchObject({
      bytesWritten: 6,
    });
    await file.truncate(4);
    await file.chmod(0o751);
    await file.utimes(3, 4);
    const bytes = Buffer.alloc(8);
    expect(await file.read(bytes, { offset: 2, position: 1 })).toMatchObject({ bytesRead: 3 });
    expect(bytes).toEqual(Buffer.from("\0\0bcd\0\0\0"));
    expect((await file.stat()).size).toBe(4);
    await file.close();
    await expect(file.stat()).rejects.toMatchObject({ code: "EBADF" });
    const status = await files.stat(path);
    expect([status.mode & 0o7777, status.mtimeMs]).toEqual([0o751, 4000]);
  });

  it("fails like node:fs/promises", async () => {
    const missing = join(directory, "missing");
    await expect(files.lstat(missing)).rejects.toMatchObject({ code: "ENOENT", path: missing });
    await expect(files.openFile(missing, "r")).rejects.toMatchObject({ code: "ENOENT", syscall: "open" });
    await expect(files.mkdir(directory)).rejects.toMatchObject({ code: "EEXIST" });
    await files.symlink("nowhere", join(directory, "link"));
    const flags = constants.O_RDWR | constants.O_NOFOLLOW;
    await expect(files.openFile(join(directory, "link"), flags)).rejects.toMatchObject({ code: "ELOOP" });
  });
});
