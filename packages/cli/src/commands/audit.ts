// spack-oci audit: the install roots that packages were built for.

import type { AuditedPackage, AuditResult } from "@spack-oci/buildcache";
import { defineCommand } from "../declaration/command.js";
import { flag } from "../declaration/parameter.js";
import { MIRROR_ARGUMENT } from "../options/mirror.js";
import { findingLines, statusOfFindings } from "../render/findings.js";
import { formatPackage, packageToJson } from "../render/packages.js";
import type { CommandResult } from "../render/result.js";
import { formatBytes, formatCount } from "../render/units.js";

const EXIT_STATUSES = `\
Exit status: 0 ok; 5 missing or corrupt packages found; 6 no problems found, but
some packages could not be read.`;

export const auditCommand = defineCommand({
  name: "audit",
  summary: "Report the install roots that packages were built for, and flag incompatible ones.",
  examples: [
    { purpose: "Report roots from the ends of layers", line: "audit mochi" },
    { purpose: "Read whole layers if need be, for scripts", line: "audit mochi --deep --json" },
  ],
  arguments: { mirror: MIRROR_ARGUMENT },
  options: {
    deep: flag("--deep", "read layers to the end if their root cannot be found otherwise"),
  },
  notes: EXIT_STATUSES,
  async run({ mirror, deep }, context) {
    const { audit } = await import("@spack-oci/buildcache");
    const target = context.session.mirrors.open(mirror, "fetch");
    return renderAudit(await audit(target, { deep }, context));
  },
});

export function renderAudit(result: AuditResult): CommandResult {
  return {
    json: toJson(result),
    lines: toLines(result),
    status: statusOfFindings(result.unread),
    shortensPadding: true,
  };
}

function toJson({ packages, roots, findings, unread }: AuditResult): unknown {
  return {
    roots: roots.map(({ root, unpaddedRoot, paddedLength = null, packages: below }) => {
      return { root, unpaddedRoot, paddedLength, packages: below.length };
    }),
    packages: packages.map(packageJson),
    findings,
    unread,
    layers: { requests: sum(packages, "requests"), bytes: sum(packages, "bytes") },
  };
}

function packageJson(audited: AuditedPackage): unknown {
  const { tag, layer, place, spackVersion = null, way, requests, bytes } = audited;
  return {
    tag,
    ...packageToJson(audited.package),
    layer,
    prefix: place?.prefix ?? null,
    root: place?.root ?? null,
    paddedLength: place?.paddedLength ?? null,
    projection: place?.projection ?? null,
    rootFrom: place?.by ?? null,
    spackVersion,
    read: { way, requests, bytes },
  };
}

function toLines({ packages, roots, findings, unread }: AuditResult): string[] {
  const below = roots.flatMap((root) => [
    `${root.root}/ (${formatCount(root.packages.length, "package")})`,
    ...root.packages.map(packageLine),
  ]);
  const requests = sum(packages, "requests");
  return [
    ...below,
    ...findings.flatMap(({ kind, what, hint }) => [`warning (${kind}): ${what}`, `  ${hint}`]),
    ...unread.flatMap(findingLines),
    `Audited ${formatCount(packages.length, "package")} under ${formatCount(roots.length, "root")}; read ${formatBytes(sum(packages, "bytes"))} of layers in ${formatCount(requests, "request")}${ways(packages)}.`,
  ];
}

function packageLine({ package: name, place, spackVersion }: AuditedPackage): string {
  // The commit follows the version in parentheses.
  const spack = spackVersion === undefined ? "unknown Spack" : `Spack ${spackVersion.split(" (", 1)[0]}`;
  return `  ${formatPackage(name)}  ${place?.projection}  ${spack}`;
}

/** How many layers were read in which way: ` (1 whole, 3 from the end)`. */
function ways(packages: readonly AuditedPackage[]): string {
  const words = {
    whole: "whole",
    ends: "from the end",
    start: "from the start",
    stream: "streamed",
    kept: "cached",
  };
  const counts = Object.entries(words).flatMap(([way, word]) => {
    const count = packages.filter((audited) => audited.way === way).length;
    return count === 0 ? [] : [`${count} ${word}`];
  });
  return counts.length === 0 ? "" : ` (${counts.join(", ")})`;
}

function sum(packages: readonly AuditedPackage[], key: "requests" | "bytes"): number {
  return packages.reduce((total, audited) => total + audited[key], 0);
}
