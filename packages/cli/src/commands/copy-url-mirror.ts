// spack-oci copy --from-url-mirror and --to-url-mirror: copies from and to Spack's v3 mirrors.

import type { UrlCopyResult } from "@spack-oci/buildcache";
import { SpackOciError } from "@spack-oci/errors";
import type { CommandContext } from "../declaration/command-context.js";
import { specRequest } from "../options/specs.js";
import { statusOfAll } from "../process/exit-status.js";
import { sourceDate } from "../process/source-date.js";
import { indexErrors, indexLines, indexToJson } from "../render/package-index.js";
import { describeFailures, failuresToJson, packageErrors, packageToJson } from "../render/packages.js";
import type { CommandResult } from "../render/result.js";
import { formatCount } from "../render/units.js";

/** The arguments of `copy`. */
export interface CopyUrlMirrorArguments {
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly specs: readonly string[];
  readonly only?: "package" | "dependencies" | undefined;
  readonly withBuildDependencies: boolean;
  readonly verify: boolean;
  readonly delete: boolean;
  readonly dryRun: boolean;
  readonly fromUrlMirror: boolean;
  readonly toUrlMirror: boolean;
}

export async function copyUrlMirror(
  args: CopyUrlMirrorArguments,
  context: CommandContext,
): Promise<CommandResult> {
  requireSimple(args);
  const { copyFromUrlMirror, copyToUrlMirror } = await import("@spack-oci/buildcache");
  const { session, scheduler, listener, signal } = context;
  const [from = "", to = ""] = [...args.from.slice(0, 1), ...args.to.slice(0, 1)];
  const request = await specRequest(args.specs, session);
  const { only, withBuildDependencies, dryRun } = args;
  const options = { only, withBuildDependencies, dryRun, listener, signal };
  const result = args.fromUrlMirror
    ? await copyFromUrlMirror(
        session.openUrlMirror(from),
        session.openMirror(to, "push"),
        scheduler,
        request,
        {
          ...options,
          createdAt: sourceDate(session.environmentVariables),
          prefixInspections: session.instanceIfAny?.prefixInspections,
        },
      )
    : await copyToUrlMirror(
        session.openMirror(from, "fetch"),
        session.openWritableUrlMirror(to),
        scheduler,
        request,
        options,
      );
  return renderUrlCopy(result, to, dryRun);
}

export function renderUrlCopy(result: UrlCopyResult, to: string, dryRun: boolean): CommandResult {
  const errors = [...packageErrors(result.packages), ...indexErrors(result.index)];
  return {
    json: toJson(result),
    lines: toLines(result, to, dryRun),
    status: statusOfAll(errors),
    shortensPadding: true,
  };
}

/** @throws SpackOciError `ERR_USAGE` for options that only copies between buildcaches support */
function requireSimple(args: CopyUrlMirrorArguments): void {
  const why =
    args.fromUrlMirror && args.toUrlMirror
      ? "One of the two mirrors must be a buildcache in a registry or an image layout."
      : args.from.length > 1 || args.to.length > 1
        ? "Copies from or to a v3 mirror take one source and one destination."
        : args.delete || args.verify
          ? "Copies from or to a v3 mirror support neither --delete nor --verify."
          : undefined;
  if (why === undefined) return;
  throw new SpackOciError("ERR_USAGE", why, { kind: "usage", hint: `See "spack-oci copy --help".` });
}

function toJson({ plan, packages, unverified, index }: UrlCopyResult) {
  const copied = packages.flatMap((result) =>
    result.outcome === "done" ? [{ ...packageToJson(result.package), bytes: result.bytes }] : [],
  );
  return {
    planned: plan.todo.map(packageToJson),
    copied,
    present: plan.present.map(packageToJson),
    absent: plan.absent.map(packageToJson),
    unverified: unverified.map(packageToJson),
    ...failuresToJson(packages),
    ...(index === undefined ? {} : { index: indexToJson(index) }),
  };
}

function toLines({ plan, packages, index }: UrlCopyResult, to: string, dryRun: boolean): string[] {
  if (dryRun)
    return plan.todo.map(({ name, version, hash }) => `would copy ${name}-${version}-${hash} to ${to}`);
  const copied = packages.filter(({ outcome }) => outcome === "done").length;
  const present = `${plan.present.length} already present`;
  return [
    `Copied ${copied} of ${formatCount(plan.todo.length, "package")} to ${to}; ${present}${describeFailures(packages)}.`,
    ...indexLines(index),
  ];
}
