// spack-oci copy: copies packages between buildcaches.

import type { CopyResult } from "@spack-oci/buildcache";
import { SpackOciError } from "@spack-oci/errors";
import { defineCommand } from "../declaration/command.js";
import { flag, repeated } from "../declaration/parameter.js";
import { dryRunOption } from "../options/common.js";
import { confirmDeletion, YES_OPTION } from "../options/deletion.js";
import { GPG_OPTIONS, signatures } from "../options/gpg.js";
import { mirrorArgument, secondMirrorArgument } from "../options/mirror.js";
import { SIGN_OPTIONS, signerOfOptions } from "../options/signing.js";
import {
  environmentOnlyOption,
  onlyOption,
  SPECS_ARGUMENT,
  specRequest,
  WITHOUT_BUILD_OPTION,
} from "../options/specs.js";
import { VERIFY_OPTIONS, verificationOf } from "../options/verification.js";
import { statusOfAll } from "../process/exit-status.js";
import { sourceDate } from "../process/source-date.js";
import { failureLines } from "../render/failures.js";
import { errorToJson } from "../render/json.js";
import { indexErrors, indexLines, indexToJson } from "../render/package-index.js";
import { packageToJson } from "../render/packages.js";
import type { CommandResult } from "../render/result.js";
import { formatCount } from "../render/units.js";

const SEVERAL_MIRRORS = `\
Several mirrors: "copy A B --from C --to D" copies from A and C to B and D. If
several sources have a package, it is taken from the first one.

Spack v3 mirrors are copied from and to as well: file://DIRECTORY, a path that
starts with /, ./ or ../, or (only from) https://HOST/PATH and http://HOST/PATH.
Archives are kept as they are. Signatures in a v3 mirror are verified with the
keys of --gpg-keyring, or else with Spack's own; --gpg-key signs a new mirror.`;

export const copyCommand = defineCommand({
  name: "copy",
  summary: "Copy packages between buildcaches, preserving digests.",
  examples: [
    { purpose: "Copy a whole buildcache to a directory", line: "copy mochi oci-layout:backup" },
    {
      purpose: "Copy hdf5 and its run dependencies",
      line: "copy mochi oci://ghcr.io/me/cache hdf5 --without-build-dependencies",
    },
  ],
  arguments: {
    from: mirrorArgument("from"),
    to: secondMirrorArgument("to"),
    specs: SPECS_ARGUMENT,
  },
  options: {
    furtherFrom: repeated("--from <mirror>", "additional source; repeatable"),
    furtherTo: repeated("--to <mirror>", "additional destination; repeatable"),
    only: onlyOption("copy"),
    withoutBuildDependencies: WITHOUT_BUILD_OPTION,
    envOnly: environmentOnlyOption("copy"),
    verify: flag("--verify", "compare the digest of every tag instead of trusting existing packages"),
    delete: flag("--delete", "delete tags that no source has, after listing them; only without specs"),
    yes: YES_OPTION,
    ...SIGN_OPTIONS,
    ...VERIFY_OPTIONS,
    ...GPG_OPTIONS,
    dryRun: dryRunOption("what would be copied and deleted"),
  },
  notes: SEVERAL_MIRRORS,
  async run(args, context) {
    const from = [args.from, ...(args.furtherFrom ?? [])];
    const to = [args.to, ...(args.furtherTo ?? [])];
    const withBuildDependencies = !args.withoutBuildDependencies;
    const { session, run } = context;
    const request = await specRequest(args.specs, session, args.envOnly ? "environment" : "all");
    const isPart = request.specs.length > 0 || request.environment !== undefined;
    if (args.delete && isPart) throw deletesPart();
    const verification = verificationOf(args);
    const signer = await signerOfOptions(args, context);
    const sources = from.map((mirror) => session.mirrors.openSource(mirror, verification));
    const destinations = to.map((mirror) => session.mirrors.openDestination(mirror));
    const { only, verify, dryRun } = args;
    const { copy, isV3Mirror } = await import("@spack-oci/buildcache");
    const results = await copy(
      sources,
      {
        ...request,
        ...{ to: destinations, only, withBuildDependencies, verify, dryRun },
        delete: args.delete,
        confirmDeletion: confirmDeletion("that no source has", args.yes, context),
        signer,
        ...signatures(args, session, {
          from: sources.some(isV3Mirror),
          to: destinations.some(isV3Mirror),
        }),
        createdAt: sourceDate(session.environmentVariables),
        // Only the images made around archives of Spack v3 mirrors need them.
        prefixInspections: sources.some(isV3Mirror)
          ? session.spack.instanceIfAny?.prefixInspections
          : undefined,
      },
      { run },
    );
    const result = renderCopy(results, dryRun);
    if (request.environment === undefined) return result;
    const narrowed = `Only packages of environment ${request.environment.name} are included; omit --env-only for all.`;
    return { ...result, lines: [...result.lines, narrowed] };
  },
});

export function renderCopy(results: readonly CopyResult[], dryRun: boolean): CommandResult {
  return {
    json: { destinations: results.map(toJson) },
    lines: results.flatMap((result) => toLines(result, dryRun)),
    status: statusOfAll(results.flatMap(errorsOf)),
    shortensPadding: true,
  };
}

/** Deleting everything outside of a selection would empty the destination. */
function deletesPart(): SpackOciError {
  return new SpackOciError("ERR_USAGE", "--delete requires copying whole mirrors.", {
    kind: "usage",
    place: "--delete",
    hint: "Omit the specs and --env-only.",
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
    `Copied ${countOf("copied")} of ${formatCount(planned.length, "tag")} to ${destination}`,
    `${present.length} already present`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
    ...(surplus.length > 0
      ? [`deleted ${deleted.length} of ${formatCount(surplus.length, "tag")} that no source has`]
      : []),
  ];
  const failures = {
    failed: tags.flatMap((tag) => (tag.outcome === "failed" ? [{ name: tag.tag, error: tag.error }] : [])),
    skipped: tags.flatMap((tag) => (tag.outcome === "skipped" ? [tag.tag] : [])),
  };
  return [...failureLines(failures), `${counts.join("; ")}.`, ...indexLines(index)];
}
