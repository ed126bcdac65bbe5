// spack-oci audit: below which roots the packages of a buildcache were packed.

import type { AuditedPackage, AuditResult } from "@spack-oci/buildcache";
import { defineCommand } from "../declaration/command.js";
import { flag } from "../declaration/parameter.js";
import { MIRROR_ARGUMENT } from "../options/mirror.js";
import { findingLines, statusOfFindings } from "../render/findings.js";
import { formatPackage, packageToJson } from "../render/packages.js";
import type { CommandResult } from "../render/result.js";
import { formatBytes } from "../render/units.js";

export const auditCommand = defineCommand({
  name: "audit",
  summary: "Tell below which roots packages were built, and what comes of roots that do not fit.",
  arguments: { mirror: MIRROR_ARGUMENT },
  options: {
    deep: flag("--deep", "read layers to their end where they do not tell their root before it"),
  },
  notes:
    "Exit status: 0 all were read, 5 something is missing or corrupt, 6 nothing is, but some could not be asked.",
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
    `${root.root}/ (${root.packages.length} packages)`,
    ...root.packages.map(packageLine),
  ]);
  const requests = sum(packages, "requests");
  return [
    ...below,
    ...findings.flatMap(({ kind, what, hint }) => [`warning: (${kind}): ${what}`, `  ${hint}`]),
    ...unread.flatMap(findingLines),
    `Audited ${packages.length} packages below ${roots.length === 1 ? "1 root" : `${roots.length} roots`}, with ${requests} requests for ${formatBytes(sum(packages, "bytes"))} of layers${ways(packages)}.`,
  ];
}

function packageLine({ package: name, place, spackVersion }: AuditedPackage): string {
  // A commit follows the version in parentheses.
  const spack = spackVersion === undefined ? "unknown Spack" : `Spack ${spackVersion.split(" (", 1)[0]}`;
  return `  ${formatPackage(name)}  ${place?.projection}  ${spack}`;
}

/** ` (3 by their ends, 1 whole)`. */
function ways(packages: readonly AuditedPackage[]): string {
  const words = {
    whole: "whole",
    ends: "by their ends",
    start: "by their start",
    stream: "passed through",
    kept: "known before",
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
