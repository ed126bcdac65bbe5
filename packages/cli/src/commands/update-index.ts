// spack-oci update-index: makes the index agree with the tags.

import type { MergeIndexResult } from "@spack-oci/buildcache";
import { defineCommand } from "../declaration/command.js";
import { flag } from "../declaration/parameter.js";
import { MIRROR_ARGUMENT } from "../options/mirror.js";
import { statusOfAll } from "../process/exit-status.js";
import { indexErrors, indexToJson } from "../render/package-index.js";
import type { CommandResult } from "../render/result.js";

export const updateIndexCommand = defineCommand({
  name: "update-index",
  summary: "Make a buildcache's index agree with its tags.",
  arguments: { mirror: MIRROR_ARGUMENT },
  options: {
    rebuild: flag("--rebuild", "read every tag anew, rather than only those that the index does not know"),
    dryRun: flag("--dry-run", "say what would be indexed, and stop"),
  },
  async run({ mirror, rebuild, dryRun }, { session, run }) {
    const { updateIndex } = await import("@spack-oci/buildcache");
    const target = session.mirrors.open(mirror, "push");
    return renderUpdateIndex(await updateIndex(target, { rebuild, dryRun }, { run }));
  },
});

export function renderUpdateIndex(result: MergeIndexResult): CommandResult {
  const { outcome, specs, added, removed, skipped } = result;
  const verb = { written: "Wrote", unchanged: "Kept", planned: "Would write" }[outcome];
  return {
    json: indexToJson(result),
    lines: [
      `${verb} the index with ${specs} packages: ${added.length} added, ${removed.length} removed; ${skipped.length} tags could not be read.`,
    ],
    status: statusOfAll(indexErrors(result).map(({ kind }) => kind)),
  };
}
