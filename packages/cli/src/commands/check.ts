// spack-oci check: whether a buildcache is sound.

import type { CheckResult } from "@spack-oci/buildcache";
import { defineCommand } from "../declaration/command.js";
import { flag } from "../declaration/parameter.js";
import { MIRROR_ARGUMENT } from "../options/mirror.js";
import { SPECS_ARGUMENT } from "../options/specs.js";
import { countFindings, findingLines, statusOfFindings } from "../render/findings.js";
import type { CommandResult } from "../render/result.js";
import { formatBytes } from "../render/units.js";

export const checkCommand = defineCommand({
  name: "check",
  summary: "Tell whether everything that a buildcache lists is there and whole.",
  arguments: { mirror: MIRROR_ARGUMENT, specs: SPECS_ARGUMENT },
  options: { deep: flag("--deep", "read every byte too, and check digests, diff_ids and DAG hashes") },
  notes:
    "Exit status: 0 sound, 5 something is missing or corrupt, 6 nothing is, but some could not be asked.",
  async run({ mirror, specs, deep }, context) {
    const { check } = await import("@spack-oci/buildcache");
    const target = context.session.mirrors.open(mirror, "fetch", { direct: true });
    return renderCheck(await check(target, { specs, deep }, context), deep);
  },
});

export function renderCheck(result: CheckResult, deep: boolean): CommandResult {
  const { packages, tags, content, findings } = result;
  return {
    json: { packages, tags, blobs: content.blobs, bytes: content.bytes, findings },
    lines: toLines(result, deep),
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
