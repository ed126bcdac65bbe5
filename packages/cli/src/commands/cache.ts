// spack-oci cache: what is kept of indices and configs between runs, and its removal.

import { exitStatus } from "../exit-status.js";
import { formatBytes } from "../output/sizes.js";
import type { CommandContext, CommandResult } from "./command-context.js";

export interface CacheArguments {
  readonly clean?: boolean | undefined;
}

export async function cacheCommand(
  { clean }: CacheArguments,
  { session }: CommandContext,
): Promise<CommandResult> {
  const { cache } = session;
  if (cache === undefined) {
    const lines = ["There is no cache: SPACK_OCI_CACHE switches it off, or you have no home directory."];
    return { json: { directory: null }, lines, status: exitStatus.done };
  }
  const { directory, limit } = cache;
  const { entries, bytes } = clean === true ? await cache.clear() : await cache.usage();
  return {
    json: { directory, limit, [clean === true ? "removed" : "kept"]: { entries, bytes } },
    lines: [
      clean === true
        ? `Removed ${formatBytes(bytes)} in ${entries} files from ${directory}.`
        : `${directory} has ${formatBytes(bytes)} in ${entries} files, of at most ${formatBytes(limit)}.`,
    ],
    status: exitStatus.done,
  };
}
