// spack-oci prune: deletes packages that nothing needs which is to be kept.

import { readFile } from "node:fs/promises";
import type { PruneResult } from "@spack-oci/buildcache";
import { SpackOciError } from "@spack-oci/errors";
import { defineCommand } from "../declaration/command.js";
import { flag, parsed, repeated } from "../declaration/parameter.js";
import { readAge } from "../options/age.js";
import { confirmDeletion, YES_OPTION } from "../options/deletion.js";
import { MIRROR_ARGUMENT } from "../options/mirror.js";
import { exitStatus, statusOfAll } from "../process/exit-status.js";
import { indexToJson, tagErrorsToJson } from "../render/package-index.js";
import { packageToJson } from "../render/packages.js";
import type { CommandResult } from "../render/result.js";

const KEPT = `\
What one of --keep-env, --keep-list and --older-than keeps is kept, with all that it links and runs with. Tags that are no
packages are not touched.`;

export const pruneCommand = defineCommand({
  name: "prune",
  summary: "Delete packages that nothing needs which is to be kept.",
  arguments: { mirror: MIRROR_ARGUMENT },
  options: {
    keepEnv: repeated(
      "--keep-env <env>",
      "keep what an environment has, by its name or directory; may be repeated",
    ),
    keepList: repeated(
      "--keep-list <file>",
      "keep what a file names, one spec or hash a line; may be repeated",
    ),
    olderThan: parsed(
      "--older-than <age>",
      "keep what is younger than 12h, 30d, 6w or 1y, or than a date",
      (text) => readAge(text),
    ),
    keepBuild: flag("--keep-build", "keep what built the packages that are kept, too"),
    yes: YES_OPTION,
    dryRun: flag("--dry-run", "say what would be deleted, and stop"),
  },
  notes: KEPT,
  async run(args, context) {
    const { prune, requestedEnvironment } = await import("@spack-oci/buildcache");
    const { session, run } = context;
    const environments = (args.keepEnv ?? []).map((name) =>
      requestedEnvironment(session.spack.otherEnvironment(name)),
    );
    const keep = args.keepList && (await Promise.all(args.keepList.map(readKeepList))).flat();
    const { olderThan, keepBuild, dryRun } = args;
    const target = session.mirrors.open(args.mirror, dryRun ? "fetch" : "push");
    const confirm = confirmDeletion("which nothing needs that is kept", args.yes, context);
    const request = { environments, keep, olderThan, keepBuild, dryRun, confirm };
    return renderPrune(await prune(target, request, { run }));
  },
});

async function readKeepList(file: string): Promise<string[]> {
  const { parseKeepList } = await import("@spack-oci/buildcache");
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

/** What was not deleted although it was to be is a failure; what cannot be read stays, and is none. */
export function renderPrune(result: PruneResult): CommandResult {
  const { outcome, failed } = result;
  const declined = outcome === "declined";
  return {
    json: toJson(result),
    lines: toLines(result),
    status: declined ? exitStatus.failed : statusOfAll(failed.map(({ error }) => error.kind)),
  };
}

function toJson({ plan, outcome, deleted, failed, index }: PruneResult) {
  const item = ({ node, tag }: (typeof plan.toDelete)[number]) => ({ ...packageToJson(node), tag });
  return {
    outcome,
    doomed: plan.toDelete.map(item),
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
  const { toDelete, kept, others, unreadable, absent } = plan;
  const lines = absent.map((hash) => `/${hash} is to be kept, and is not there.`);
  lines.push(
    ...unreadable.map(({ tag, error }) => `${tag} stays, because it cannot be read: ${error.message}`),
  );
  const rest = `${kept.length} packages are kept; ${others.length} tags of other images are not touched`;
  switch (outcome) {
    case "planned":
      lines.push(...toDelete.map(({ tag }) => `would delete ${tag}`));
      return [...lines, `Would delete ${toDelete.length} packages; ${rest}.`];
    case "nothing":
      return [...lines, `There is nothing to delete; ${rest}.`];
    case "declined":
      return [...lines, "Nothing was deleted."];
    case "pruned":
      lines.push(...failed.map(({ tag, error }) => `${tag} was not deleted: ${error.message}`));
      return [...lines, `Deleted ${deleted.length} of ${toDelete.length} packages; ${rest}.`];
  }
}
