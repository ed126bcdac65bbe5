// spack-oci cache: what is kept of indices and configs between runs, and its removal.

import { defineCommand } from "../declaration/command.js";
import { flag } from "../declaration/parameter.js";
import { exitStatus } from "../process/exit-status.js";
import type { CommandResult } from "../render/result.js";
import { formatBytes } from "../render/units.js";

export const cacheCommand = defineCommand({
  name: "cache",
  summary: "Show or clean what is kept of indices and configs (SPACK_OCI_CACHE).",
  arguments: {},
  options: { clean: flag("--clean", "remove everything that is kept") },
  async run({ clean }, { session }) {
    const { cache } = session;
    if (cache === undefined) return renderNoCache();
    const { directory, limit } = cache;
    return renderCache({ directory, limit, clean, ...(await (clean ? cache.clear() : cache.usage())) });
  },
});

/** What is in the cache, or was removed from it; sizes in bytes. */
interface CacheUsage {
  readonly directory: string;
  readonly limit: number;
  readonly clean: boolean;
  readonly entries: number;
  readonly bytes: number;
}

export function renderNoCache(): CommandResult {
  const lines = ["There is no cache: SPACK_OCI_CACHE switches it off, or you have no home directory."];
  return { json: { directory: null }, lines, status: exitStatus.done };
}

export function renderCache({ directory, limit, clean, entries, bytes }: CacheUsage): CommandResult {
  return {
    json: { directory, limit, [clean ? "removed" : "kept"]: { entries, bytes } },
    lines: [
      clean
        ? `Removed ${formatBytes(bytes)} in ${entries} files from ${directory}.`
        : `${directory} has ${formatBytes(bytes)} in ${entries} files, of at most ${formatBytes(limit)}.`,
    ],
    status: exitStatus.done,
  };
}
