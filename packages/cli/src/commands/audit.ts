// spack-oci audit: below which roots the packages of a buildcache were packed.

import {
  type AuditedPackage,
  type AuditResult,
  audit,
  describePackage,
  filterPadding,
} from "@spack-oci/buildcache";
import { packageToJson } from "../output/results.js";
import { formatBytes } from "../output/sizes.js";
import type { CommandContext, CommandResult } from "./command-context.js";
import { findingLines, statusOfFindings } from "./findings.js";

export interface AuditArguments {
  readonly mirror: string;
  readonly deep?: boolean | undefined;
}

export async function auditCommand(
  { mirror, deep }: AuditArguments,
  context: CommandContext,
): Promise<CommandResult> {
  const target = context.session.openMirror(mirror, "fetch");
  const result = await audit(target, context.scheduler, { ...context, deep });
  return { json: toJson(result), lines: toLines(result), status: statusOfFindings(result.unread) };
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
    `${filterPadding(`${root.root}/`)} (${root.packages.length} packages)`,
    ...root.packages.map(packageLine),
  ]);
  const requests = sum(packages, "requests");
  return [
    ...below,
    ...findings.flatMap(({ kind, what, hint }) => [
      `warning: (${kind}): ${filterPadding(what)}`,
      `  ${hint}`,
    ]),
    ...unread.flatMap(findingLines),
    `Audited ${packages.length} packages below ${roots.length === 1 ? "1 root" : `${roots.length} roots`}, with ${requests} requests for ${formatBytes(sum(packages, "bytes"))} of layers${ways(packages)}.`,
  ];
}

function packageLine({ package: name, place, spackVersion }: AuditedPackage): string {
  // A commit follows the version in parentheses.
  const spack = spackVersion === undefined ? "unknown Spack" : `Spack ${spackVersion.split(" (", 1)[0]}`;
  return `  ${describePackage(name)}  ${place?.projection}  ${spack}`;
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
