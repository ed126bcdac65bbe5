// spack-oci cache: shows or clears what is kept between runs.

import { defineCommand } from "../declaration/command.js";
import { flag } from "../declaration/parameter.js";
import { EXIT_STATUS } from "../process/exit-status.js";
import type { CommandResult } from "../render/result.js";
import { formatBytes, formatCount } from "../render/units.js";

export const cacheCommand = defineCommand({
  name: "cache",
  summary: "Show or clear the local cache of indexes and configs (SPACK_OCI_CACHE).",
  examples: [
    { purpose: "Show where the cache is, and its size", line: "cache" },
    { purpose: "Clear the cache", line: "cache --clean" },
  ],
  arguments: {},
  options: { clean: flag("--clean", "clear the cache") },
  async run({ clean }, { session }) {
    const { cache } = session;
    if (cache === undefined) return renderNoCache();
    const { directory, limit } = cache;
    return renderCache({ directory, limit, clean, ...(await (clean ? cache.clear() : cache.usage())) });
  },
});

/** What the cache holds, or what was removed from it; sizes in bytes. */
interface CacheUsage {
  readonly directory: string;
  readonly limit: number;
  readonly clean: boolean;
  readonly entries: number;
  readonly bytes: number;
}

export function renderNoCache(): CommandResult {
  const lines = ["The cache is disabled by SPACK_OCI_CACHE, or you have no home directory."];
  return { json: { directory: null }, lines, status: EXIT_STATUS.done };
}

export function renderCache({ directory, limit, clean, entries, bytes }: CacheUsage): CommandResult {
  return {
    json: { directory, limit, [clean ? "removed" : "kept"]: { entries, bytes } },
    lines: [
      clean
        ? `Removed ${formatBytes(bytes)} in ${formatCount(entries, "file")} from ${directory}.`
        : `${directory} holds ${formatBytes(bytes)} in ${formatCount(entries, "file")} (limit: ${formatBytes(limit)}).`,
    ],
    status: EXIT_STATUS.done,
  };
}
