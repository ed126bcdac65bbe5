// Turns an error into a finding: missing, broken, or merely unreadable content.

import type { SpackOciError } from "@spack-oci/errors";
import { isOutOfReach } from "../failures/failure.js";
import { type Finding, type FindingKind, finding } from "./finding.js";

/** @param missing the kind of finding if the content does not exist */
export function findingOf(tag: string, error: SpackOciError, missing: FindingKind): Finding {
  if (isOutOfReach(error)) return finding("unreadable", { tag, what: error.message, hint: error.hint });
  switch (error.kind) {
    case "not-found":
      return finding(missing, { tag, what: error.message });
    case "unsupported":
      return finding("foreign", { tag, what: error.message, hint: error.hint });
    case "untrusted":
      return finding("untrusted", { tag, what: error.message, hint: error.hint });
    case "corrupt":
      return finding("corrupt", { tag, what: error.message });
    default:
      return finding("unreadable", { tag, what: error.message, hint: error.hint });
  }
}
