// spack-oci prune: deletes packages that nothing needs which is to be kept.

import { readFile } from "node:fs/promises";
import { type PruneResult, parseKeepList, prune, requestedEnvironment } from "@spack-oci/buildcache";
import { SpackOciError } from "@spack-oci/errors";
import { exitStatus, statusOfAll } from "../exit-status.js";
import { indexToJson, packageToJson, tagErrorsToJson } from "../output/results.js";
import type { CommandContext, CommandResult } from "./command-context.js";
import { consentToDelete } from "./consent-to-delete.js";

export interface PruneArguments {
  readonly mirror: string;
  readonly keepEnv?: readonly string[] | undefined;
  readonly keepList?: readonly string[] | undefined;
  readonly olderThan?: Date | undefined;
  readonly keepBuild?: boolean | undefined;
  readonly yes?: boolean | undefined;
  readonly dryRun?: boolean | undefined;
}

export async function pruneCommand(args: PruneArguments, context: CommandContext): Promise<CommandResult> {
  const { session, scheduler, listener, signal } = context;
  const environments = (args.keepEnv ?? []).map((name) =>
    requestedEnvironment(session.otherEnvironment(name)),
  );
  const keep = args.keepList && (await Promise.all(args.keepList.map(readKeepList))).flat();
  const { olderThan, keepBuild, dryRun } = args;
  const target = session.openMirror(args.mirror, dryRun === true ? "fetch" : "push");
  const result = await prune(
    target,
    scheduler,
    { environments, keep, olderThan, keepBuild },
    {
      dryRun,
      confirm: consentToDelete("which nothing needs that is kept", args.yes, context),
      listener,
      signal,
    },
  );
  return { json: toJson(result), lines: toLines(result), status: statusFor(result) };
}

async function readKeepList(file: string): Promise<string[]> {
  try {
    return parseKeepList(await readFile(file, "utf8"));
  } catch (cause) {
    throw new SpackOciError("ERR_KEEP_LIST", `The list ${file} cannot be read.`, {
      kind: "usage",
      place: file,
      cause,
      hint: "Name a file with a spec or a hash on each line.",
    });
  }
}

function toJson({ plan, outcome, deleted, failed, index }: PruneResult) {
  const item = ({ node, tag }: (typeof plan.doomed)[number]) => ({ ...packageToJson(node), tag });
  return {
    outcome,
    doomed: plan.doomed.map(item),
    kept: plan.kept.map(item),
    others: plan.others,
    unreadable: tagErrorsToJson(plan.unreadable),
    absent: plan.absent,
    deleted,
    failed: tagErrorsToJson(failed),
    ...(index === undefined ? {} : { index: indexToJson(index) }),
  };
}

function toLines({ plan, outcome, deleted, failed }: PruneResult): string[] {
  const { doomed, kept, others, unreadable, absent } = plan;
  const lines = absent.map((hash) => `/${hash} is to be kept, and is not there.`);
  lines.push(
    ...unreadable.map(({ tag, error }) => `${tag} stays, because it cannot be read: ${error.message}`),
  );
  const rest = `${kept.length} packages are kept; ${others.length} tags of other images are not touched`;
  switch (outcome) {
    case "planned":
      lines.push(...doomed.map(({ tag }) => `would delete ${tag}`));
      return [...lines, `Would delete ${doomed.length} packages; ${rest}.`];
    case "nothing":
      return [...lines, `There is nothing to delete; ${rest}.`];
    case "declined":
      return [...lines, "Nothing was deleted."];
    case "pruned":
      lines.push(...failed.map(({ tag, error }) => `${tag} was not deleted: ${error.message}`));
      return [...lines, `Deleted ${deleted.length} of ${doomed.length} packages; ${rest}.`];
  }
}

/** What was not deleted although it was to be is a failure; what cannot be read stays, and is none. */
function statusFor({ outcome, failed }: PruneResult): number {
  if (outcome === "declined") return exitStatus.failed;
  return statusOfAll(failed.map(({ error }) => error.kind));
}
