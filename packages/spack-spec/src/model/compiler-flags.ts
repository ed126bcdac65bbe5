// Compiler flags of a spec: their names, how a quoted list is split, and how they are written.

import { compareCodePoints } from "../text/compare.js";
import { quoteIfNeeded } from "../text/quote.js";

/** A flag with the values that belong to it, for example `-O1` or `-Xlinker --build-id`. */
export interface CompilerFlag {
  readonly value: string;
  /** Whether dependencies are compiled with it, too. */
  readonly propagate: boolean;
}

/** Flags by kind: `cflags`, `ldflags` and so on. */
export type CompilerFlags = ReadonlyMap<string, readonly CompilerFlag[]>;

/** The names of flags in Spack's order (`spack/spec.py: _valid_compiler_flags`). */
const COMPILER_FLAG_NAMES = ["cflags", "cxxflags", "fflags", "ldflags", "ldlibs", "cppflags"] as const;

/** Whether `name` is a kind of compiler flags rather than a variant. */
export function isCompilerFlagName(name: string): boolean {
  return (COMPILER_FLAG_NAMES as readonly string[]).includes(name);
}

/** Splits at white space; a word without a dash belongs to the flag before it (`spack/compilers/flags.py`). */
export function splitFlags(text: string, propagate: boolean): CompilerFlag[] {
  const flags: CompilerFlag[] = [];
  for (const word of text.split(/\s+/).filter((part) => part !== "")) {
    const last = flags.at(-1);
    if (last !== undefined && !word.startsWith("-"))
      flags[flags.length - 1] = { ...last, value: `${last.value} ${word}` };
    else flags.push({ value: word, propagate });
  }
  return flags;
}

/** ` cflags='-O1 -g' ` with a space on both sides, sorted by name (`spack/spec.py: FlagMap.__str__`). */
export function formatCompilerFlags(flags: CompilerFlags): string {
  const present = [...flags].filter(([, values]) => values.length > 0);
  if (present.length === 0) return "";
  const parts = present
    .sort(([left], [right]) => compareCodePoints(left, right))
    .flatMap(([name, values]) => [
      formatFlags(
        ` ${name}=`,
        values.filter((flag) => !flag.propagate),
      ),
      formatFlags(
        ` ${name}==`,
        values.filter((flag) => flag.propagate),
      ),
    ]);
  return `${parts.join("")} `;
}

function formatFlags(start: string, flags: readonly CompilerFlag[]): string {
  if (flags.length === 0) return "";
  return `${start}${quoteIfNeeded(flags.map((flag) => flag.value).join(" "))}`;
}
