// Reads single members of specs from their JSON text, each distinct text once.

import { SpackOciError } from "@spack-oci/errors";
import {
  formatJson,
  type Json,
  parseJson,
  readNode,
  type SpecNode,
  type SurroundingText,
} from "@spack-oci/spack-spec";
import type { TextPool } from "./text-pool.js";

/** Members whose JSON text repeats from spec to spec. */
export type Part = "arch" | "parameters" | "patches" | "annotations" | "compiler";

/** No member is deeper in an index than the parameters of an edge. */
const DEEPEST: SurroundingText = { depth: 7, position: () => ({ line: 1, column: 1 }) };

/** The members of a spec or of an edge, as `readNode` reads them. */
export class SpecParts {
  readonly #texts: TextPool;
  readonly #specfileVersion: number;
  readonly #nodes = new Map<string, Map<number, SpecNode | undefined>>();

  constructor(texts: TextPool, specfileVersion: number) {
    this.#texts = texts;
    this.#specfileVersion = specfileVersion;
  }

  /** A node that has nothing but one member. */
  node(part: Part, number: number): SpecNode {
    return this.#known(part, number, (json) => [part, json]) ?? this.none();
  }

  /** A node that has nothing but one edge, with these parameters. */
  edge(number: number): SpecNode {
    return this.#known("edge", number, edgeWith) ?? this.none();
  }

  /** A node without any members. */
  none(): SpecNode {
    return readNode(new Map([["version", ""]]), this.#specfileVersion, "");
  }

  /** Whether a text is valid, and written as this project writes it. */
  isPlain(part: Part | "edge", number: number): boolean {
    return this.#known(part, number, part === "edge" ? edgeWith : (json) => [part, json]) !== undefined;
  }

  #known(part: string, number: number, member: (json: Json) => [string, Json]): SpecNode | undefined {
    const nodes = this.#nodes.get(part) ?? new Map<number, SpecNode | undefined>();
    this.#nodes.set(part, nodes);
    if (nodes.has(number)) return nodes.get(number);
    const node = this.#read(number, member);
    nodes.set(number, node);
    return node;
  }

  #read(number: number, member: (json: Json) => [string, Json]): SpecNode | undefined {
    const text = this.#texts.raw(number);
    try {
      const json = parseJson(text, { within: DEEPEST });
      if (formatJson(json) !== text) return undefined;
      return readNode(new Map<string, Json>([["version", ""], member(json)]), this.#specfileVersion, "");
    } catch (error) {
      if (error instanceof SpackOciError && error.kind === "corrupt") return undefined;
      throw error;
    }
  }
}

function edgeWith(parameters: Json): [string, Json] {
  if (parameters instanceof Map && parameters.has("direct")) return ["dependencies", null];
  const edge = new Map<string, Json>([
    ["name", ""],
    ["hash", ""],
    ["parameters", parameters],
  ]);
  return ["dependencies", [edge]];
}
