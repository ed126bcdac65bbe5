// spack-oci copy: from buildcaches into others, digest by digest.

import type { CopyResult } from "@spack-oci/buildcache";
import { SpackOciError } from "@spack-oci/errors";
import { defineCommand } from "../declaration/command.js";
import { flag, repeated } from "../declaration/parameter.js";
import { confirmDeletion, YES_OPTION } from "../options/deletion.js";
import { mirrorArgument, secondMirrorArgument } from "../options/mirror.js";
import { onlyOption, WITHOUT_BUILD_OPTION } from "../options/packages.js";
import { SPECS_ARGUMENT, specRequest } from "../options/specs.js";
import { statusOfAll } from "../process/exit-status.js";
import { sourceDate } from "../process/source-date.js";
import { errorToJson } from "../render/json.js";
import { indexErrors, indexLines, indexToJson } from "../render/package-index.js";
import { packageToJson } from "../render/packages.js";
import type { CommandResult } from "../render/result.js";

const SEVERAL = `\
Further mirrors: "copy A B --from C --to D" copies from A and C, to B and to D. What several sources have is taken from
the first of them, in the order given.`;

export const copyCommand = defineCommand({
  name: "copy",
  summary: "Copy packages between buildcaches, with the same digests.",
  arguments: {
    from: mirrorArgument("from"),
    to: secondMirrorArgument("to"),
    specs: SPECS_ARGUMENT,
  },
  options: {
    furtherFrom: repeated("--from <mirror>", "a further source; may be repeated"),
    furtherTo: repeated("--to <mirror>", "a further destination; may be repeated"),
    only: onlyOption("copy"),
    withoutBuildDependencies: WITHOUT_BUILD_OPTION,
    verify: flag("--verify", "compare the digest of every tag rather than believe packages that are there"),
    delete: flag("--delete", "delete what no source has, after showing it; only without specs"),
    yes: YES_OPTION,
    dryRun: flag("--dry-run", "say what would be copied and deleted, and stop"),
  },
  notes: SEVERAL,
  async run(args, context) {
    const from = [args.from, ...(args.furtherFrom ?? [])];
    const to = [args.to, ...(args.furtherTo ?? [])];
    const withBuildDependencies = !args.withoutBuildDependencies;
    const { session, run } = context;
    const request = await specRequest(args.specs, session);
    const isPart = request.specs.length > 0 || request.environment !== undefined;
    if (args.delete && isPart) throw deletesPart();
    const sources = from.map((mirror) => session.mirrors.openSource(mirror));
    const destinations = to.map((mirror) => session.mirrors.openDestination(mirror));
    const { only, verify, dryRun } = args;
    const { copy } = await import("@spack-oci/buildcache");
    const results = await copy(
      sources,
      {
        ...request,
        ...{ to: destinations, only, withBuildDependencies, verify, dryRun },
        delete: args.delete,
        confirmDeletion: confirmDeletion("which no source has", args.yes, context),
        createdAt: sourceDate(session.environmentVariables),
        // What only images of archives from elsewhere need.
        prefixInspections: sources.some((source) => "specManifests" in source)
          ? session.spack.instanceIfAny?.prefixInspections
          : undefined,
      },
      { run },
    );
    return renderCopy(results, dryRun);
  },
});

export function renderCopy(results: readonly CopyResult[], dryRun: boolean): CommandResult {
  return {
    json: { destinations: results.map(toJson) },
    lines: results.flatMap((result) => toLines(result, dryRun)),
    status: statusOfAll(results.flatMap(errorsOf).map((error) => error.kind)),
    shortensPadding: true,
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

function errorsOf({ tags, index }: CopyResult): SpackOciError[] {
  const ofTags = tags.flatMap((tag) => (tag.outcome === "failed" ? [tag.error] : []));
  return [...ofTags, ...indexErrors(index)];
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
    skipped: tags.flatMap((tag) =>
      tag.outcome === "skipped" ? [{ tag: tag.tag, because: packageToJson(tag.because) }] : [],
    ),
    unverified: result.unverified,
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
  const countOf = (outcome: (typeof tags)[number]["outcome"]) =>
    tags.filter((tag) => tag.outcome === outcome).length;
  const [failed, skipped] = [countOf("failed"), countOf("skipped")];
  const counts = [
    `Copied ${countOf("copied")} of ${planned.length} tags to ${destination}`,
    `${present.length} were there already`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
    ...(surplus.length > 0 ? [`deleted ${deleted.length} of ${surplus.length} that no source has`] : []),
  ];
  return [`${counts.join("; ")}.`, ...indexLines(index)];
}
