// What failed and why, for the end of a run, where earlier messages have scrolled away.

import type { PackageResult } from "@spack-oci/buildcache";
import type { SpackOciError } from "@spack-oci/errors";
import { formatPackage } from "./packages.js";

/** What became of a package or tag that was not processed. */
export interface Failures {
  readonly failed: readonly { readonly name: string; readonly error: SpackOciError }[];
  /** The names of those that were skipped because something they need failed. */
  readonly skipped: readonly string[];
}

/** How many names are shown of each kind. */
const MAX_SHOWN = 10;
/** In characters; the full messages were reported when they occurred. */
const REASON_LENGTH = 160;

/** One line for each failure, and one for everything that was skipped. */
export function failureLines({ failed, skipped }: Failures): string[] {
  const shown = failed.slice(0, MAX_SHOWN).map(({ name, error }) => `Failed: ${name}: ${shortReason(error)}`);
  const more = failed.length > MAX_SHOWN ? [`Failed: ${failed.length - MAX_SHOWN} more.`] : [];
  if (skipped.length === 0) return [...shown, ...more];
  const names = skipped.slice(0, MAX_SHOWN).join(", ");
  const others = skipped.length > MAX_SHOWN ? ` and ${skipped.length - MAX_SHOWN} more` : "";
  return [...shown, ...more, `Skipped, because their dependencies failed: ${names}${others}.`];
}

export function packageFailures(packages: readonly PackageResult[]): Failures {
  return {
    failed: packages.flatMap((result) =>
      result.outcome === "failed" ? [{ name: formatPackage(result.package), error: result.error }] : [],
    ),
    skipped: packages.flatMap((result) =>
      result.outcome === "skipped" ? [formatPackage(result.package)] : [],
    ),
  };
}

/**
 * The first line of a message, without its end if it is long. Never cut inside a path, whose padding is shortened
 * later.
 */
function shortReason({ message }: SpackOciError): string {
  const [line = ""] = message.split("\n");
  const end = line.indexOf(" ", REASON_LENGTH);
  return end < 0 ? line : `${line.slice(0, end)} ...`;
}
