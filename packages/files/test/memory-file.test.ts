// A file in memory behaves like one on disk.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { MemoryFile, openFile } from "../src/index.js";

const bytes = fc.uint8Array({ maxLength: 9 }).map((array) => Buffer.from(array));
const changes = fc.array(fc.record({ bytes, position: fc.nat(20) }), { maxLength: 5 });
const ranges = fc.record({ from: fc.nat(25), length: fc.nat(12) });

it("reads and writes like a file on disk, also beyond its end", async () => {
  const directory = mkdtempSync(join(tmpdir(), "memory-file-"));
  const path = join(directory, "file");
  await fc.assert(
    fc.asyncProperty(bytes, changes, ranges, async (content, writes, { from, length }) => {
      writeFileSync(path, content);
      const disk = await openFile(path, "r+");
      const memory = new MemoryFile(Buffer.from(content));
      for (const write of writes) {
        // Writing nothing beyond the end changes nothing on disk.
        if (write.bytes.length === 0) continue;
        for (const file of [disk, memory]) file.writeNow(write.bytes, write.position);
      }
      const [found, expected] = [Buffer.alloc(length), Buffer.alloc(length)];
      expect(memory.readNow(found, from)).toBe(disk.readNow(expected, from));
      expect(found).toEqual(expected);
      const [seen, wanted] = [memory, disk].map((file) => file.viewNow(Buffer.alloc(length), from));
      expect(seen).toEqual(wanted);
      expect(memory.size).toBe(disk.size);
      await disk.close();
      expect(Buffer.concat(memory.parts)).toEqual(readFileSync(path));
      expect(memory.bytes).toEqual(readFileSync(path));
      expect(memory.isChanged).toBe(writes.some((write) => write.bytes.length > 0));
    }),
  );
  rmSync(directory, { recursive: true });
});

it("does not copy what it took over, whether it is looked at or grows", () => {
  const content = Buffer.from("content");
  const file = new MemoryFile(content);
  file.writeNow(Buffer.from("nt that grew"), 5);
  expect(file.parts[0]).toBe(content);
  expect(Buffer.concat(file.parts).toString()).toBe("content that grew");
  expect(file.viewNow(Buffer.alloc(3), 1).buffer).toBe(content.buffer);
  // The joined content is the one that later writes change.
  expect(file.bytes.toString()).toBe("content that grew");
  file.writeNow(Buffer.from("C"), 0);
  expect(file.bytes.toString()).toBe("Content that grew");
});
