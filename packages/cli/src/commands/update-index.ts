// spack-oci update-index: brings the index up to date with the tags.

import type { MergeIndexResult } from "@spack-oci/buildcache";
import { defineCommand } from "../declaration/command.js";
import { flag } from "../declaration/parameter.js";
import { dryRunOption } from "../options/common.js";
import { MIRROR_ARGUMENT } from "../options/mirror.js";
import { INDEX_SIGN_OPTIONS, signerOfOptions } from "../options/signing.js";
import { statusOfAll } from "../process/exit-status.js";
import { indexErrors, indexToJson } from "../render/package-index.js";
import type { CommandResult } from "../render/result.js";
import { formatCount } from "../render/units.js";

export const updateIndexCommand = defineCommand({
  name: "update-index",
  summary: "Bring the index of a buildcache up to date with its tags.",
  examples: [
    { purpose: "Add new packages to the index", line: "update-index mochi" },
    { purpose: "Show what a complete rebuild would index", line: "update-index mochi --rebuild --dry-run" },
  ],
  arguments: { mirror: MIRROR_ARGUMENT },
  options: {
    rebuild: flag("--rebuild", "read every tag again, not only those missing from the index"),
    ...INDEX_SIGN_OPTIONS,
    dryRun: dryRunOption("what would be indexed"),
  },
  async run({ mirror, rebuild, dryRun, ...options }, context) {
    const { session, run } = context;
    const { updateIndex } = await import("@spack-oci/buildcache");
    const signer = await signerOfOptions(options, context);
    const target = session.mirrors.open(mirror, "push");
    return renderUpdateIndex(await updateIndex(target, { rebuild, dryRun, signer }, { run }));
  },
});

export function renderUpdateIndex(result: MergeIndexResult): CommandResult {
  const { outcome, specs, added, removed, skipped } = result;
  const verb = { written: "Wrote", unchanged: "Kept", planned: "Would write" }[outcome];
  return {
    json: indexToJson(result),
    lines: [
      `${verb} the index with ${formatCount(specs, "package")}: ${added.length} added, ${removed.length} removed; ${formatCount(skipped.length, "tag")} could not be read.`,
    ],
    status: statusOfAll(indexErrors(result)),
  };
}
