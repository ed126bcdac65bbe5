// Looks up a package's own paths in a tree in memory.

import { decodeFileName, encodeFileName, type MemoryTree } from "@spack-oci/files";
import type { LookUpOwn } from "./paths-in-place.js";

export function lookUpInMemory(tree: MemoryTree): LookUpOwn {
  return (path) => {
    const entry = tree.get(decodeFileName(path.subarray(1)));
    if (entry?.type === "symlink")
      return { type: "link", target: encodeFileName(entry.target).toString("latin1") };
    return entry && { type: entry.type === "directory" ? "directory" : "other" };
  };
}
