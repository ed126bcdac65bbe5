// Findings as lines, as counts and as an exit status.

import type { Finding, Severity } from "@spack-oci/buildcache";
import { EXIT_STATUS, statusOf } from "../process/exit-status.js";

export function findingLines({ severity, tag, kind, what, hint }: Finding): string[] {
  return [`${severity}: ${tag} (${kind}): ${what}`, `  ${hint}`];
}

/** Errors outweigh unknowns, and broken packages outweigh untrusted ones; warnings do not count. */
export function statusOfFindings(findings: readonly Finding[]): number {
  const errors = findings.filter(({ severity }) => severity === "error");
  if (errors.some(({ kind }) => kind !== "untrusted")) return statusOf("corrupt");
  if (errors.length > 0) return statusOf("untrusted");
  return countFindings(findings, "unknown") > 0 ? statusOf("unreachable") : EXIT_STATUS.done;
}

export function countFindings(findings: readonly Finding[], severity: Severity): number {
  return findings.filter((finding) => finding.severity === severity).length;
}
