// Which sets of parameters have the variants and compiler flags that a constraint asks for. Every condition is about one
// parameter, so it is compared once with each value that this parameter has, however many sets and rows share it.

import { isSpackOciError } from "@spack-oci/errors";
import { parseSpec, type Spec, type SpecNode, satisfies, specOfNode } from "@spack-oci/spack-spec";
import type { ParameterSet } from "../data/columns.js";
import { nodeWith, parametersOf } from "./spec-nodes.js";

/** 1 for each set of parameters that matches. */
export type ParameterMatches = Uint8Array;

/** The values of one parameter: `value[i]` numbers the value that the set `set[i]` has. */
interface Occurrences {
  readonly values: SpecNode[];
  readonly set: number[];
  readonly value: number[];
}

const NO_GRAPH: ReadonlyMap<string, SpecNode> = new Map();
const PATCHES = "patches";

export class ParameterFilter {
  readonly #sets: readonly ParameterSet[];
  readonly #occurrences = new Map<string, Occurrences>();
  readonly #numbers = new Map<string, number>();
  /** How many sets have been read. */
  #read = 0;

  constructor(sets: readonly ParameterSet[]) {
    this.#sets = sets;
  }

  /** Reads some more sets. @returns whether there are others */
  read(count: number): boolean {
    const end = Math.min(this.#sets.length, this.#read + count);
    for (; this.#read < end; this.#read += 1) this.#add(this.#read);
    return end < this.#sets.length;
  }

  /** The sets with all variants and flags of a constraint. Propagated variants may be absent. */
  matching({ variants, compilerFlags }: Spec): ParameterMatches {
    const any = parseSpec("");
    const matches = new Uint8Array(this.#sets.length).fill(1);
    for (const [name, variant] of variants) {
      const constraint = { ...any, variants: new Map([[name, variant]]) };
      this.#keep(matches, { name, constraint, absent: variant.propagate });
    }
    for (const [name, flags] of compilerFlags)
      this.#keep(matches, { name, constraint: { ...any, compilerFlags: new Map([[name, flags]]) } });
    return matches;
  }

  #keep(
    matches: ParameterMatches,
    wanted: { readonly name: string; readonly constraint: Spec; readonly absent?: boolean },
  ): void {
    this.read(this.#sets.length);
    const { name, constraint, absent = false } = wanted;
    const { values, set, value } = this.#occurrences.get(name) ?? { values: [], set: [], value: [] };
    const isValueMatch = values.map((node) => isMatch(node, constraint));
    const own = new Uint8Array(matches.length).fill(Number(absent));
    for (let at = 0; at < set.length; at += 1)
      own[set[at] ?? 0] = Number(isValueMatch[value[at] ?? 0] ?? false);
    for (let at = 0; at < matches.length; at += 1) if (!own[at]) matches[at] = 0;
  }

  #add(number: number): void {
    const { values = {}, patches = [] } = this.#sets[number] ?? {};
    for (const [name, value] of Object.entries(values))
      if (name !== PATCHES || patches.length === 0)
        this.#addValue(number, name, { values: { [name]: value } });
    if (patches.length > 0) this.#addValue(number, PATCHES, { values: {}, patches });
  }

  #addValue(number: number, name: string, only: ParameterSet): void {
    const known = this.#occurrences.get(name);
    const { values, set, value } = known ?? { values: [], set: [], value: [] };
    if (known === undefined) this.#occurrences.set(name, { values, set, value });
    const key = `${name} ${JSON.stringify(only)}`;
    const entry = this.#numbers.get(key) ?? values.push(nodeWith({ hash: key, ...parametersOf(only) })) - 1;
    this.#numbers.set(key, entry);
    set.push(number);
    value.push(entry);
  }
}

/** What Spack's rules cannot read, in a spec that Spack did not write, matches nothing. */
export function isMatch(node: SpecNode, constraint: Spec): boolean {
  try {
    return satisfies(specOfNode(NO_GRAPH, node), constraint);
  } catch (error) {
    if (isSpackOciError(error) && error.code !== "ERR_TARGET_UNKNOWN") return false;
    throw error;
  }
}
