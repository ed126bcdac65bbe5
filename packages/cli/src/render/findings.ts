// What findings amount to: their lines, their number, and the exit status of the command that has them.

import type { Finding, Severity } from "@spack-oci/buildcache";
import { exitStatus, statusOf } from "../process/exit-status.js";

export function findingLines({ severity, tag, kind, what, hint }: Finding): string[] {
  return [`${severity}: ${tag} (${kind}): ${what}`, `  ${hint}`];
}

/** What is missing or corrupt outweighs what is unknown; a warning is no reason to fail. */
export function statusOfFindings(findings: readonly Finding[]): number {
  if (countFindings(findings, "error") > 0) return statusOf("corrupt");
  return countFindings(findings, "unknown") > 0 ? statusOf("unreachable") : exitStatus.done;
}

export function countFindings(findings: readonly Finding[], severity: Severity): number {
  return findings.filter((finding) => finding.severity === severity).length;
}
