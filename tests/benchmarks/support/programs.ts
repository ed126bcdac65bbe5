// Programs that are on the machine or not.
import { onPath } from "../../support/on-path.js";
import type { Rival } from "./measure.js";

const missing = new Set<string>();

/** Whether a program is on PATH; where it is not, a line says what is skipped. */
function isThere(program: string, purpose: string): boolean {
  if (onPath(program) !== undefined) return true;
  if (!missing.has(program)) console.log(`skipped: ${purpose}, because ${program} is not on PATH`);
  missing.add(program);
  return false;
}

/** The rival where all programs that it runs are there, else nobody. */
export function withPrograms(programs: readonly string[], rival: Rival): Rival[] {
  return programs.every((program) => isThere(program, rival.name)) ? [rival] : [];
}

/** Programs that were looked for in vain. */
export function missingPrograms(): readonly string[] {
  return [...missing].sort();
}
