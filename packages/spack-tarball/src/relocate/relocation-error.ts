// The error for a package that cannot be relocated, with every string that does not fit.

import { SpackOciError } from "@spack-oci/errors";
import { decodeFileName } from "@spack-oci/files";
import type { BlockedString } from "../prefixes/c-string-patches.js";

/** A string with no room for its new prefix. */
export interface RelocationProblem {
  /** Path below the package's prefix. */
  readonly file: string;
  /** Byte offset of the string inside the file. */
  readonly offset: number;
  readonly reason: BlockedString["reason"];
  /** Bytes that the load commands lack, if the reason is `no-header-room`. */
  readonly missing?: number | undefined;
  readonly oldPrefix: string;
  readonly newPrefix: string;
  /** The prefix and, if it is known, the rest of its string. */
  readonly found: string;
}

/** @param file path below the package's prefix */
export function problemOf(file: string, blocked: BlockedString): RelocationProblem {
  return {
    file,
    offset: blocked.position,
    reason: blocked.reason,
    ...(blocked.missing === undefined ? {} : { missing: blocked.missing }),
    oldPrefix: decodeFileName(blocked.old),
    newPrefix: decodeFileName(blocked.replacement),
    found: decodeFileName(blocked.found),
  };
}

/** The option of Apple's linker that leaves room for load commands. */
const HEADER_PADDING = "-headerpad_max_install_names";

const MAX_SHOWN_PROBLEMS = 5;

/** Thrown for a package that cannot be relocated to the new root. Nothing of it may be kept. */
export class RelocationError extends SpackOciError {
  readonly problems: readonly RelocationProblem[];

  constructor(problems: readonly RelocationProblem[]) {
    const shown = problems.slice(0, MAX_SHOWN_PROBLEMS).map(describe);
    if (problems.length > shown.length) shown.push(`and ${problems.length - shown.length} more such strings`);
    super("ERR_RELOCATION_BLOCKED", shown.join("\n"), {
      kind: "failed",
      place: problems[0]?.file,
      hint: hintFor(problems),
    });
    this.name = "RelocationError";
    this.problems = problems;
  }
}

/** Why a string has no room for its new prefix, without naming either prefix. */
export function whyBlocked({ reason, missing, oldPrefix, newPrefix }: RelocationProblem): string {
  if (reason === "no-header-room") return `its load commands lack ${missing} bytes before the first section`;
  const [old, required] = [Buffer.byteLength(oldPrefix), Buffer.byteLength(newPrefix)];
  if (reason === "cannot-grow") return `needs ${required} bytes, has ${old}`;
  const lengths = required === old ? `both have ${old} bytes` : `${required} bytes replace ${old}`;
  return `${lengths}, but end differently, and other strings may share the end`;
}

function describe(problem: RelocationProblem): string {
  const why = whyBlocked(problem);
  return problem.reason !== "cannot-shrink"
    ? `${problem.file}: ${problem.oldPrefix} has no room for the longer ${problem.newPrefix} (${why})`
    : `${problem.file}: ${problem.newPrefix} cannot replace ${problem.oldPrefix} in "${problem.found}" (${why})`;
}

const SHORTER_ROOT_HINT =
  "Install it below a root that is at least 8 bytes shorter; for a padded root, reduce config:install_tree:padded_length by 8.";

/** Every reason has its part in the hint. A prefix that is shorter by more than seven bytes fits regardless of its end. */
function hintFor(problems: readonly RelocationProblem[]): string {
  const has = (wanted: RelocationProblem["reason"]) => problems.some(({ reason }) => reason === wanted);
  const padding = "the package with more padding (config:install_tree:padded_length)";
  const orInstall = "or install it below a shorter root.";
  if (has("cannot-grow") && has("no-header-room"))
    return `Build ${padding} and link it with ${HEADER_PADDING}, ${orInstall}`;
  if (has("no-header-room")) return `Link the package with ${HEADER_PADDING}, ${orInstall}`;
  return has("cannot-grow") ? `Build ${padding}, ${orInstall}` : SHORTER_ROOT_HINT;
}
