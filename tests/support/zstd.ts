// Whether zstd can be written here, for tests that need it.

import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import * as zlib from "node:zlib";

/** Node 22.15 and newer can, otherwise the optional zstd-napi; without either, a line reports what is skipped. */
export function canWriteZstd(purpose: string): boolean {
  if ("zstdCompress" in zlib) return true;
  try {
    createRequire(fileURLToPath(new URL("../../packages/spack-tarball/package.json", import.meta.url)))(
      "zstd-napi",
    );
    return true;
  } catch {
    console.log(`skipped: ${purpose}, because neither Node's zlib nor zstd-napi can write zstd`);
    return false;
  }
}
