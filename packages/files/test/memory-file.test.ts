// A file in memory behaves like one on disk.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { MemoryFile, openFile } from "../src/index.js";

const bytes = fc.uint8Array({ maxLength: 9 }).map((array) => Buffer.from(array));
const changes = fc.array(fc.record({ bytes, position: fc.nat(20) }), { maxLength: 5 });

it("reads and writes like a file on disk, also beyond its end", async () => {
  const directory = mkdtempSync(join(tmpdir(), "memory-file-"));
  const path = join(directory, "file");
  await fc.assert(
    fc.asyncProperty(bytes, changes, fc.nat(25), async (content, writes, from) => {
      writeFileSync(path, content);
      const disk = await openFile(path, "r+");
      const memory = new MemoryFile(Buffer.from(content));
      for (const write of writes) {
        // Writing nothing beyond the end changes nothing on disk.
        if (write.bytes.length === 0) continue;
        for (const file of [disk, memory]) file.writeNow(write.bytes, write.position);
      }
      const [found, expected] = [Buffer.alloc(12), Buffer.alloc(12)];
      expect(memory.readNow(found, from)).toBe(disk.readNow(expected, from));
      expect(found).toEqual(expected);
      expect(memory.size).toBe(disk.size);
      await disk.close();
      expect(memory.bytes).toEqual(readFileSync(path));
      expect(memory.isChanged).toBe(writes.some((write) => write.bytes.length > 0));
    }),
  );
  rmSync(directory, { recursive: true });
});
