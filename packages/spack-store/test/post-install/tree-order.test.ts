// A tree in memory has the order of the same tree on disk, whatever the bytes of its names.

import { mkdirSync, writeFileSync } from "node:fs";
import { decodeFileName, encodeFileName, type MemoryTreeEntry } from "@spack-oci/files";
import fc from "fast-check";
import { expect, it } from "vitest";
import { directoriesOf } from "../../src/post-install/tree-order.js";
import { walkTree } from "../../src/post-install/walk.js";
import { temporaryDirectory } from "../support/temporary.js";

const component = fc.constantFrom(
  "a",
  "a-b",
  "a.b",
  "b",
  "B",
  "\u00e9",
  "\uffee",
  "\u{10000}",
  "\udc80",
  "\udcff",
);
const paths = fc.uniqueArray(fc.array(component, { minLength: 1, maxLength: 3 }), {
  maxLength: 12,
  selector: (parts) => parts.join("/"),
});

it("goes through directories as walkTree does", async () => {
  await fc.assert(
    fc.asyncProperty(paths, async (all) => {
      const top = temporaryDirectory();
      const tree = new Map<string, MemoryTreeEntry>([["", { type: "directory" }]]);
      for (const parts of all) {
        const path = parts.join("/");
        const isParent = all.some(
          (other) => other.length > parts.length && other.join("/").startsWith(`${path}/`),
        );
        parts.forEach((_, index) => {
          const parent = parts.slice(0, index).join("/");
          tree.set(parent, { type: "directory" });
          mkdirSync(encodeFileName(`${top}/${parent}`), { recursive: true });
        });
        if (isParent) continue;
        tree.set(path, { type: "symlink", target: "x" });
        writeFileSync(encodeFileName(`${top}/${path}`), "");
      }
      const walked: string[] = [];
      for await (const entry of walkTree(Buffer.from(top)))
        walked.push(decodeFileName(entry.path.subarray(top.length + 1)));
      const directories = directoriesOf(tree);
      const ordered = (directory: string): string[] => {
        const found = directories.get(directory);
        return found === undefined
          ? []
          : [...found.directories, ...found.others, ...found.directories.flatMap(ordered)];
      };
      expect(ordered("")).toEqual(walked);
    }),
    { numRuns: 60 },
  );
});
