// This project with either compression of layers.
import { canWriteZstd } from "../../support/zstd.js";
import type { Rival } from "../support/measure.js";
import { OURS, OURS_WITH_ZSTD } from "./benchmark-case.js";

/**
 * A rival for gzip, and one for zstd where this machine writes it.
 *
 * @param prepare gets the options of a push whose layers are compressed so
 */
export function bothCompressions(
  prepare: (...options: readonly string[]) => ReturnType<Rival["prepare"]>,
): Rival[] {
  const gzip = { name: OURS, prepare: () => prepare() };
  const zstd = { name: OURS_WITH_ZSTD, prepare: () => prepare("--compression", "zstd") };
  return canWriteZstd(OURS_WITH_ZSTD) ? [gzip, zstd] : [gzip];
}
