// spack-oci copy: from buildcaches into others, digest by digest.

import { type CopyResult, copy } from "@spack-oci/buildcache";
import { SpackOciError } from "@spack-oci/errors";
import { statusOfAll } from "../exit-status.js";
import { errorToJson } from "../output/json.js";
import { renderError } from "../output/render-error.js";
import { indexToJson, packageToJson } from "../output/results.js";
import type { CommandContext, CommandResult } from "./command-context.js";
import { consentToDelete } from "./consent-to-delete.js";
import { type CopyUrlMirrorArguments, copyUrlMirrorCommand } from "./copy-url-mirror.js";
import { specRequest } from "./spec-request.js";

export interface CopyArguments extends CopyUrlMirrorArguments {
  readonly yes?: boolean | undefined;
}

export async function copyCommand(args: CopyArguments, context: CommandContext): Promise<CommandResult> {
  if (args.fromUrlMirror === true || args.toUrlMirror === true) return copyUrlMirrorCommand(args, context);
  const { session, scheduler, listener, signal } = context;
  const request = specRequest(args.specs, session);
  const isPart = request.specs.length > 0 || request.environment !== undefined;
  if (args.delete === true && isPart) throw deletesPart();
  const from = args.from.map((mirror) => session.openMirror(mirror, "fetch"));
  const to = args.to.map((mirror) => session.openMirror(mirror, "push"));
  const { only, withBuildDependencies, verify, dryRun } = args;
  const results = await copy(from, to, scheduler, request, {
    ...{ only, withBuildDependencies, verify, dryRun, listener, signal },
    delete: args.delete,
    confirmDeletion: consentToDelete("which no source has", args.yes, context),
  });
  return {
    json: { destinations: results.map(toJson) },
    lines: results.flatMap((result) => toLines(result, dryRun === true)),
    status: statusOfAll(results.flatMap(failuresOf).map((error) => error.kind)),
  };
}

/** Deleting what is not named would empty the destination. */
function deletesPart(): SpackOciError {
  return new SpackOciError("ERR_USAGE", "Only a copy of whole mirrors can delete what no source has.", {
    kind: "usage",
    place: "--delete",
    hint: `Copy without specs and, where an environment is active, with "spack-oci --no-env".`,
  });
}

function failuresOf({ tags, index }: CopyResult): SpackOciError[] {
  const ofTags = tags.flatMap((tag) => (tag.outcome === "failed" ? [tag.error] : []));
  const ofIndex =
    index?.outcome === "failed" ? [index.error] : (index?.skipped.map((tag) => tag.error) ?? []);
  return [...ofTags, ...ofIndex];
}

function toJson(result: CopyResult) {
  const { destination, planned, present, surplus, deleted, index, tags } = result;
  return {
    destination,
    planned,
    copied: tags.flatMap((tag) =>
      tag.outcome === "copied" ? [{ tag: tag.tag, bytes: tag.bytes, seconds: tag.seconds }] : [],
    ),
    present,
    absent: result.absent.map(packageToJson),
    failed: tags.flatMap((tag) =>
      tag.outcome === "failed" ? [{ tag: tag.tag, error: errorToJson(tag.error) }] : [],
    ),
    surplus,
    deleted,
    ...(index === undefined ? {} : { index: indexToJson(index) }),
  };
}

function toLines(result: CopyResult, dryRun: boolean): string[] {
  const { destination, planned, present, surplus, deleted, index, tags } = result;
  if (dryRun) {
    return [
      ...planned.map((tag) => `would copy ${tag} to ${destination}`),
      ...surplus.map((tag) => `would delete ${tag} from ${destination}`),
    ];
  }
  const failed = tags.filter(({ outcome }) => outcome === "failed").length;
  const counts = [
    `Copied ${tags.length - failed} of ${planned.length} tags to ${destination}`,
    `${present.length} were there already`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(surplus.length > 0 ? [`deleted ${deleted.length} of ${surplus.length} that no source has`] : []),
  ];
  const lines = [`${counts.join("; ")}.`];
  if (index?.outcome === "failed") lines.push(`The index was not written: ${renderError(index.error)}`);
  return lines;
}
