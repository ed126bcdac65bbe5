// Drops redundant run path entries from all files of a tree.

import { openFile } from "@spack-oci/files";
import { walkPrefix } from "../../src/pack/walk-prefix.js";
import { redundantRpathDropper } from "../../src/relocate/drop-redundant-rpaths.js";

/** @returns the changed files, below `directory` */
export async function dropRedundantRpaths(directory: string, finalPrefix: string): Promise<string[]> {
  const drop = redundantRpathDropper(directory, finalPrefix);
  const changed: string[] = [];
  for await (const { type, path } of walkPrefix(directory)) {
    if (type !== "file") continue;
    const file = await openFile(`${directory}/${path}`, "r+");
    try {
      if (await drop(file)) changed.push(path);
    } finally {
      await file.close();
    }
  }
  return changed;
}
