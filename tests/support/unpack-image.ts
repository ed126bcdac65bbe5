// Unpacks an image layer by layer, as container engines do.

import { chmodSync, linkSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Target } from "@spack-oci/oci-client";
import { decompress, readTar } from "@spack-oci/spack-tarball";
import { collectBytes } from "./collect.js";
import { imageOf } from "./images.js";

/** @param directory gets the root file system; it may exist */
export async function unpackImage(target: Target, tag: string, directory: string): Promise<void> {
  mkdirSync(directory, { recursive: true });
  const { layers } = await imageOf(target, tag);
  for (const layer of layers) {
    for await (const member of readTar(decompress(await target.fetch(layer)))) {
      const { header } = member;
      const path = join(directory, header.name);
      if (header.type === "directory") {
        mkdirSync(path, { recursive: true });
        chmodSync(path, header.mode);
        continue;
      }
      mkdirSync(dirname(path), { recursive: true });
      rmSync(path, { recursive: true, force: true });
      if (header.type === "symlink") symlinkSync(header.linkName, path);
      else if (header.type === "hardlink") linkSync(join(directory, header.linkName), path);
      else {
        writeFileSync(path, await collectBytes(member.content()));
        chmodSync(path, header.mode);
      }
    }
  }
}
