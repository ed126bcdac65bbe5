// Whether zstd can be written here, for tests that need it.
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import * as zlib from "node:zlib";

/** Node 22.15 and newer write it, else the optional zstd-napi; where neither is there, a line says what is skipped. */
export function canWriteZstd(purpose: string): boolean {
  if ("zstdCompress" in zlib) return true;
  try {
    createRequire(fileURLToPath(new URL("../../packages/spack-tarball/package.json", import.meta.url)))(
      "zstd-napi",
    );
    return true;
  } catch {
    console.log(`skipped: ${purpose}, for neither Node's zlib nor zstd-napi is there to write zstd`);
    return false;
  }
}
