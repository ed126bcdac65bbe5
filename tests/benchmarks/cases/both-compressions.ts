// This project with each compression of layers.

import { canWriteZstd } from "../../support/zstd.js";
import type { Rival } from "../support/measure.js";
import { OURS, OURS_WITH_ZSTD } from "./benchmark-case.js";

/**
 * A rival for gzip, and one for zstd if this machine can write it.
 *
 * @param prepare takes the push options for the compression
 */
export function bothCompressions(
  prepare: (...options: readonly string[]) => ReturnType<Rival["prepare"]>,
): Rival[] {
  const gzip = { name: OURS, prepare: () => prepare() };
  const zstd = { name: OURS_WITH_ZSTD, prepare: () => prepare("--compression", "zstd") };
  return canWriteZstd(OURS_WITH_ZSTD) ? [gzip, zstd] : [gzip];
}
