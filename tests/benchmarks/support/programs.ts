// Finds the programs to compare with.

import { onPath } from "../../support/on-path.js";
import type { Rival } from "./measure.js";

const missing = new Set<string>();

/** Whether a program is on PATH. If not, a line reports what is skipped. */
function isThere(program: string, purpose: string): boolean {
  if (onPath(program) !== undefined) return true;
  if (!missing.has(program)) console.log(`skipped: ${purpose}, because ${program} is not on PATH`);
  missing.add(program);
  return false;
}

/** The rival, if all of its programs are on PATH. */
export function withPrograms(programs: readonly string[], rival: Rival): Rival[] {
  return programs.every((program) => isThere(program, rival.name)) ? [rival] : [];
}

/** Programs that were not found. */
export function missingPrograms(): readonly string[] {
  return [...missing].sort();
}
