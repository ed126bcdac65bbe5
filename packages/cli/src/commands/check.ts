// spack-oci check: whether a buildcache is sound.

import { type CheckResult, check } from "@spack-oci/buildcache";
import { formatBytes } from "../output/sizes.js";
import type { CommandContext, CommandResult } from "./command-context.js";
import { countFindings, findingLines, statusOfFindings } from "./findings.js";

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
    status: statusOfFindings(findings),
  };
}

function toLines(result: CheckResult, deep: boolean): string[] {
  const { packages, tags, content, findings } = result;
  const read = `${deep ? "read" : "asked for"} ${content.blobs} blobs (${formatBytes(content.bytes)})`;
  return [
    ...findings.flatMap(findingLines),
    `Checked ${packages} packages in ${tags} tags, ${read}.`,
    `Errors: ${countFindings(findings, "error")}, warnings: ${countFindings(findings, "warning")}, unknown: ${countFindings(findings, "unknown")}.`,
  ];
}
