// spack-oci copy --from-url-mirror and --to-url-mirror: between buildcaches and the mirrors that Spack keeps elsewhere.

import { copyFromUrlMirror, copyToUrlMirror, type UrlCopyResult } from "@spack-oci/buildcache";
import { SpackOciError } from "@spack-oci/errors";
import { statusOfAll } from "../exit-status.js";
import { renderError } from "../output/render-error.js";
import { describeFailures, failuresToJson, indexToJson, packageToJson } from "../output/results.js";
import { sourceDate } from "../source-date.js";
import type { CommandContext, CommandResult } from "./command-context.js";
import { specRequest } from "./spec-request.js";

export interface CopyUrlMirrorArguments {
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly specs: readonly string[];
  readonly only?: "package" | "dependencies" | undefined;
  readonly withBuildDependencies: boolean;
  readonly verify?: boolean | undefined;
  readonly delete?: boolean | undefined;
  readonly dryRun?: boolean | undefined;
  readonly fromUrlMirror?: boolean | undefined;
  readonly toUrlMirror?: boolean | undefined;
}

export async function copyUrlMirrorCommand(
  args: CopyUrlMirrorArguments,
  context: CommandContext,
): Promise<CommandResult> {
  const { session, scheduler, listener, signal } = context;
  const [from = "", to = ""] = [...args.from.slice(0, 1), ...args.to.slice(0, 1)];
  requireSimple(args);
  const request = specRequest(args.specs, session);
  const { only, withBuildDependencies, dryRun } = args;
  const options = { only, withBuildDependencies, dryRun, listener, signal };
  const result =
    args.fromUrlMirror === true
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
  return { json: toJson(result), lines: toLines(result, to, dryRun === true), status: statusFor(result) };
}

/** @throws SpackOciError of kind `usage` for what only copies between buildcaches can do */
function requireSimple(args: CopyUrlMirrorArguments): void {
  const why =
    args.fromUrlMirror && args.toUrlMirror
      ? "One of the two mirrors has to be a buildcache in a registry or an image layout."
      : args.from.length > 1 || args.to.length > 1
        ? "To and from a mirror of this kind there is one source and one destination."
        : args.delete || args.verify
          ? "To and from a mirror of this kind there is neither --delete nor --verify."
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
  const there = `${plan.present.length} were there already`;
  const lines = [
    `Copied ${copied} of ${plan.todo.length} packages to ${to}; ${there}${describeFailures(packages)}.`,
  ];
  if (index?.outcome === "failed") lines.push(`The index was not written: ${renderError(index.error)}`);
  return lines;
}

function statusFor({ packages, index }: UrlCopyResult): number {
  const errors = packages.flatMap((result) => (result.outcome === "failed" ? [result.error] : []));
  const ofIndex =
    index?.outcome === "failed" ? [index.error] : (index?.skipped.map((tag) => tag.error) ?? []);
  return statusOfAll([...errors, ...ofIndex].map((error) => error.kind));
}
