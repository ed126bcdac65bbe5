// spack-oci update-index: makes the index agree with the tags.

import { updateIndex } from "@spack-oci/buildcache";
import { statusOfAll } from "../exit-status.js";
import { indexToJson } from "../output/results.js";
import type { CommandContext, CommandResult } from "./command-context.js";

export interface UpdateIndexArguments {
  readonly mirror: string;
  readonly rebuild?: boolean | undefined;
  readonly dryRun?: boolean | undefined;
}

export async function updateIndexCommand(
  args: UpdateIndexArguments,
  context: CommandContext,
): Promise<CommandResult> {
  const target = context.session.openMirror(args.mirror, "push");
  const result = await updateIndex(target, context.scheduler, {
    rebuild: args.rebuild,
    dryRun: args.dryRun,
    listener: context.listener,
    signal: context.signal,
  });
  const verb = { written: "Wrote", unchanged: "Kept", planned: "Would write" }[result.outcome];
  return {
    json: indexToJson(result),
    lines: [
      `${verb} the index with ${result.specs} packages: ${result.added.length} added, ${result.removed.length} removed; ${result.skipped.length} tags could not be read.`,
    ],
    status: statusOfAll(result.skipped.map((tag) => tag.error.kind)),
  };
}
