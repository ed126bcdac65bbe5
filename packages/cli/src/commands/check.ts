// spack-oci check: verifies a buildcache.

import type { CheckResult } from "@spack-oci/buildcache";
import { defineCommand } from "../declaration/command.js";
import { flag } from "../declaration/parameter.js";
import { MIRROR_ARGUMENT } from "../options/mirror.js";
import { SPECS_ARGUMENT } from "../options/specs.js";
import { VERIFY_OPTIONS, verificationOf } from "../options/verification.js";
import { countFindings, findingLines, statusOfFindings } from "../render/findings.js";
import type { CommandResult } from "../render/result.js";
import { formatBytes, formatCount } from "../render/units.js";

const EXIT_STATUSES = `\
Exit status: 0 ok; 5 missing or corrupt packages found; 8 nothing worse than
missing or invalid signatures found; 6 no problems found, but some packages
could not be checked.`;

export const checkCommand = defineCommand({
  name: "check",
  summary: "Verify that every listed package is present and intact.",
  examples: [
    { purpose: "Verify that all packages are present", line: "check mochi" },
    { purpose: "Read every byte of zlib and verify it", line: "check mochi zlib --deep" },
  ],
  arguments: { mirror: MIRROR_ARGUMENT, specs: SPECS_ARGUMENT },
  options: {
    deep: flag("--deep", "also read every byte and verify digests, diff_ids and DAG hashes"),
    ...VERIFY_OPTIONS,
  },
  notes: EXIT_STATUSES,
  async run({ mirror, specs, deep, ...options }, context) {
    const { check } = await import("@spack-oci/buildcache");
    const verification = verificationOf(options);
    const target = context.session.mirrors.open(mirror, "fetch", { direct: true, verification });
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
  const read = `${deep ? "read" : "looked up"} ${formatCount(content.blobs, "blob")} (${formatBytes(content.bytes)})`;
  return [
    ...findings.flatMap(findingLines),
    `Checked ${formatCount(packages, "package")} in ${formatCount(tags, "tag")}; ${read}.`,
    `Errors: ${countFindings(findings, "error")}, warnings: ${countFindings(findings, "warning")}, unknown: ${countFindings(findings, "unknown")}.`,
  ];
}
