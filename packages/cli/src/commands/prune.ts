// spack-oci prune: deletes packages that no kept package depends on.

import { readFile } from "node:fs/promises";
import type { PruneResult } from "@spack-oci/buildcache";
import { SpackOciError } from "@spack-oci/errors";
import { defineCommand } from "../declaration/command.js";
import { flag, parsed, repeated } from "../declaration/parameter.js";
import { readAge } from "../options/age.js";
import { dryRunOption } from "../options/common.js";
import { confirmDeletion, YES_OPTION } from "../options/deletion.js";
import { MIRROR_ARGUMENT } from "../options/mirror.js";
import { INDEX_SIGN_OPTIONS, signerOfOptions } from "../options/signing.js";
import { EXIT_STATUS, statusOfAll } from "../process/exit-status.js";
import { indexToJson, tagErrorsToJson } from "../render/package-index.js";
import { plannedToJson } from "../render/packages.js";
import type { CommandResult } from "../render/result.js";
import { formatCount } from "../render/units.js";

const KEEP_RULES = `\
A package is kept if --keep-env, --keep-list or --older-than selects it, or if
a kept package links or runs with it. Tags that are not packages are left alone.`;

export const pruneCommand = defineCommand({
  name: "prune",
  summary: "Delete packages that no kept package depends on.",
  examples: [
    { purpose: "Show what would go if an environment stays", line: "prune mochi --keep-env tests --dry-run" },
    { purpose: "Delete what is older than 30 days", line: "prune mochi --older-than 30d" },
  ],
  arguments: { mirror: MIRROR_ARGUMENT },
  options: {
    keepEnv: repeated(
      "--keep-env <env>",
      "keep the packages of an environment, given by name or directory; repeatable",
    ),
    keepList: repeated("--keep-list <file>", "keep the specs and hashes in a file, one per line; repeatable"),
    olderThan: parsed(
      "--older-than <age>",
      "keep packages newer than an age (12h, 30d, 6w, 1y) or a date",
      (text) => readAge(text),
    ),
    keepBuild: flag("--keep-build", "also keep the build dependencies of kept packages"),
    ...INDEX_SIGN_OPTIONS,
    yes: YES_OPTION,
    dryRun: dryRunOption("what would be deleted"),
  },
  notes: KEEP_RULES,
  async run(args, context) {
    const { prune, requestedEnvironment } = await import("@spack-oci/buildcache");
    const { session, run } = context;
    const environments = (args.keepEnv ?? []).map((name) =>
      requestedEnvironment(session.spack.otherEnvironment(name)),
    );
    const keep = args.keepList && (await Promise.all(args.keepList.map(readKeepList))).flat();
    const { olderThan, keepBuild, dryRun } = args;
    const signer = await signerOfOptions(args, context);
    const target = session.mirrors.open(args.mirror, dryRun ? "fetch" : "push");
    const confirm = confirmDeletion("that no kept package depends on", args.yes, context);
    const request = { environments, keep, olderThan, keepBuild, dryRun, signer, confirm };
    return renderPrune(await prune(target, request, { run }));
  },
});

async function readKeepList(file: string): Promise<string[]> {
  const { parseKeepList } = await import("@spack-oci/buildcache");
  try {
    return parseKeepList(await readFile(file, "utf8"));
  } catch (cause) {
    throw new SpackOciError("ERR_KEEP_LIST", `Cannot read the keep list ${file}.`, {
      kind: "usage",
      place: file,
      cause,
      hint: "Pass a file with one spec or hash per line.",
    });
  }
}

/** A failed deletion is a failure; an unreadable tag, which is kept, is not. */
export function renderPrune(result: PruneResult): CommandResult {
  const { outcome, failed } = result;
  const declined = outcome === "declined";
  return {
    json: toJson(result),
    lines: toLines(result),
    status: declined ? EXIT_STATUS.failed : statusOfAll(failed.map(({ error }) => error)),
  };
}

function toJson({ plan, outcome, deleted, failed, index }: PruneResult) {
  return {
    outcome,
    doomed: plan.toDelete.map(plannedToJson),
    kept: plan.kept.map(plannedToJson),
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
  const lines = absent.map((hash) => `/${hash} should be kept, but is not in the buildcache.`);
  lines.push(...unreadable.map(({ tag, error }) => `Keeping ${tag}, which cannot be read: ${error.message}`));
  const rest = `keeping ${formatCount(kept.length, "package")} and ${formatCount(others.length, "other tag")}`;
  switch (outcome) {
    case "planned":
      lines.push(...toDelete.map(({ tag }) => `would delete ${tag}`));
      return [...lines, `Would delete ${formatCount(toDelete.length, "package")}, ${rest}.`];
    case "nothing":
      return [...lines, `Nothing to delete; ${rest}.`];
    case "declined":
      return [...lines, "Nothing was deleted."];
    case "pruned":
      lines.push(...failed.map(({ tag, error }) => `Could not delete ${tag}: ${error.message}`));
      return [...lines, `Deleted ${deleted.length} of ${formatCount(toDelete.length, "package")}, ${rest}.`];
  }
}
