// Reads the problems that `check --json` and `audit --json` printed.

import { readFileSync } from "node:fs";
import { reasonOf, SpackOciError } from "@spack-oci/errors";
import type { SiteFinding } from "./site-catalog.js";

const SEVERITIES: readonly unknown[] = ["error", "warning", "unknown"];

/**
 * @throws SpackOciError `ERR_SITE_FINDINGS` (`usage`) if the file cannot be read, or is not such a document
 *
 * @example
 * ```ts
 * import { writeFileSync } from "node:fs";
 * import { readFindings } from "@spack-oci/site";
 *
 * writeFileSync("audit.json", '{"findings": [{"kind": "two-roots", "what": "Two roots.", "hint": "Use one."}]}');
 * console.log(readFindings("audit.json")[0]?.severity); // warning
 * ```
 */
export function readFindings(file: string): SiteFinding[] {
  const document = readDocument(file);
  const { findings, unread = [] } = (document ?? {}) as Record<string, unknown>;
  if (!Array.isArray(findings) || !Array.isArray(unread))
    throw notFindings(file, "it has no list of findings");
  return [...findings, ...unread].map((each) => siteFinding(each, file));
}

/** Findings of `audit` are about roots: they have no tag, and all of them are warnings. */
function siteFinding(value: unknown, file: string): SiteFinding {
  const { severity = "warning", kind, what, hint, tag = null } = (value ?? {}) as Record<string, unknown>;
  const areTexts = [kind, what, hint, tag ?? ""].every((text) => typeof text === "string");
  if (!areTexts || !SEVERITIES.includes(severity))
    throw notFindings(file, "one of its findings lacks something");
  return { severity, kind, what, hint, tag } as SiteFinding;
}

function readDocument(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw notFindings(file, reasonOf(error), error);
  }
}

function notFindings(file: string, reason: string, cause?: unknown): SpackOciError {
  return new SpackOciError("ERR_SITE_FINDINGS", `${file} does not hold findings: ${reason}.`, {
    kind: "usage",
    place: file,
    hint: 'Write it with "spack-oci check MIRROR --json" or "spack-oci audit MIRROR --json".',
    cause,
  });
}
