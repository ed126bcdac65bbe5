// Compares targets, which in constraints may be ranges (`haswell:`, `:x86_64_v3`) or lists.

import { SpackOciError } from "@spack-oci/errors";
import { isMicroarchitecture, microarchitectureFamily, runsOn } from "../model/microarchitectures.js";

interface TargetRange {
  readonly low: string;
  readonly high: string;
  /** Whether it was written with a colon; otherwise `low` is the only target. */
  readonly isRange: boolean;
}

/**
 * The targets that two constraints have in common; empty if they exclude each other (`spack/spec.py:
 * ArchSpec._target_intersection`).
 *
 * @throws SpackOciError `ERR_TARGET_UNKNOWN` if a range has an unknown end
 */
export function commonTargets(left: string, right: string): readonly string[] {
  const others = right.split(",").map(parseRange);
  return left.split(",").flatMap((text) => {
    const range = parseRange(text);
    return others.map((other) => commonRange(range, other)).filter((common) => common !== undefined);
  });
}

function parseRange(text: string): TargetRange {
  const colon = text.indexOf(":");
  if (colon < 0) return { low: text, high: "", isRange: false };
  return { low: text.slice(0, colon), high: text.slice(colon + 1), isRange: true };
}

function commonRange(left: TargetRange, right: TargetRange): string | undefined {
  if (!left.isRange && !right.isRange) return left.low === right.low ? left.low : undefined;
  if (!left.isRange) return holds(right, left.low) ? left.low : undefined;
  if (!right.isRange) return holds(left, right.low) ? right.low : undefined;
  return rangeText(
    innermost(left.low, right.low, (one, other) => runsOn(other, one)),
    innermost(left.high, right.high, runsOn),
  );
}

function holds(range: TargetRange, target: string): boolean {
  if (range.low !== "" && !runsOn(checked(range.low), target)) return false;
  return range.high === "" || runsOn(target, checked(range.high));
}

function checked(target: string): string {
  if (isMicroarchitecture(target)) return target;
  throw new SpackOciError("ERR_TARGET_UNKNOWN", `"${target}" is not a valid target name`, {
    kind: "usage",
    hint: "Use known microarchitectures in ranges, as in target=x86_64_v3:.",
  });
}

/** The inner one of two ends; the other one if one is open; undefined if they cannot be compared. */
function innermost(
  left: string,
  right: string,
  isInside: (one: string, other: string) => boolean,
): string | undefined {
  if (left === "" || right === "") return left || right;
  if (microarchitectureFamily(left) !== microarchitectureFamily(right)) return undefined;
  if (isInside(left, right)) return left;
  return isInside(right, left) ? right : undefined;
}

function rangeText(low: string | undefined, high: string | undefined): string | undefined {
  if (low === undefined || high === undefined || (low === "" && high === "")) return undefined;
  if (low === "" || high === "") return `${low}:${high}`;
  const sameFamily = microarchitectureFamily(low) === microarchitectureFamily(high);
  if (!sameFamily || !runsOn(low, high)) return undefined;
  return low === high ? low : `${low}:${high}`;
}
