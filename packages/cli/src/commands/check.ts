// spack-oci check: whether a buildcache is sound.

import { type CheckResult, check, type Severity } from "@spack-oci/buildcache";
import { exitStatus, statusOf } from "../exit-status.js";
import { formatBytes } from "../output/sizes.js";
import type { CommandContext, CommandResult } from "./command-context.js";

export interface CheckArguments {
  readonly mirror: string;
  readonly specs: readonly string[];
  readonly deep?: boolean | undefined;
}

export async function checkCommand(args: CheckArguments, context: CommandContext): Promise<CommandResult> {
  const target = context.session.openMirror(args.mirror, "fetch", { direct: true });
  const result = await check(target, context.scheduler, args.specs, { ...context, deep: args.deep });
  const { packages, tags, content, findings } = result;
  return {
    json: { packages, tags, blobs: content.blobs, bytes: content.bytes, findings },
    lines: toLines(result, args.deep === true),
    status: statusFor(result),
  };
}

function toLines(result: CheckResult, deep: boolean): string[] {
  const { packages, tags, content, findings } = result;
  const found = findings.flatMap(({ severity, tag, kind, what, hint }) => [
    `${severity}: ${tag} (${kind}): ${what}`,
    `  ${hint}`,
  ]);
  const read = `${deep ? "read" : "asked for"} ${content.blobs} blobs (${formatBytes(content.bytes)})`;
  return [
    ...found,
    `Checked ${packages} packages in ${tags} tags, ${read}.`,
    `Errors: ${count(result, "error")}, warnings: ${count(result, "warning")}, unknown: ${count(result, "unknown")}.`,
  ];
}

/** What is missing or corrupt outweighs what is unknown; a warning is no reason to fail. */
function statusFor(result: CheckResult): number {
  if (count(result, "error") > 0) return statusOf("corrupt");
  return count(result, "unknown") > 0 ? statusOf("unreachable") : exitStatus.done;
}

function count({ findings }: CheckResult, severity: Severity): number {
  return findings.filter((finding) => finding.severity === severity).length;
}
