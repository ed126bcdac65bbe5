// Parses what comes between `%` or `^` and a dependency: attributes in brackets, and virtual assignments.

import { SpackOciError } from "@spack-oci/errors";
import {
  ALL_DEPENDENCY_TYPES,
  type DependencyFlags,
  type DependencyType,
  dependencyFlags,
} from "../model/dependency-types.js";
import type { Spec } from "../model/spec.js";
import type { TokenStream } from "./token-stream.js";
import type { Token } from "./tokenizer.js";

/** What is known about an edge before its dependency is parsed. */
export interface EdgeProperties {
  readonly flags: DependencyFlags;
  readonly virtuals: readonly string[];
  readonly direct: boolean;
  readonly propagate: boolean;
  readonly when: Spec | undefined;
  /** Whether only the sigil was written, so a toolchain may follow. */
  readonly bare: boolean;
}

/**
 * The properties of the next edge, or undefined if the next token does not begin one.
 *
 * @param parseCondition parses the spec in `when='...'`
 * @throws SpackOciError `ERR_SPEC_TOKENS`, `ERR_SPEC_SYNTAX`, `ERR_SPEC_DEPTYPE`, and what `parseCondition` throws
 */
export function parseEdge(
  tokens: TokenStream,
  parseCondition: (text: string) => Spec,
): EdgeProperties | undefined {
  const sigil = tokens.accept("START_EDGE_PROPERTIES", "DEPENDENCY");
  if (sigil === undefined) return undefined;
  const direct = sigil.text.startsWith("%");
  const written = { direct, propagate: sigil.text.startsWith("%%") };
  if (sigil.kind === "DEPENDENCY") {
    const bare = sigil.assignment === undefined;
    const virtuals = sortedUnique(parseAssignment(tokens, sigil));
    return { ...written, flags: 0, virtuals, when: undefined, bare };
  }
  return { ...written, ...parseAttributes(tokens, parseCondition), bare: false };
}

/** The virtual packages assigned by `token`; their provider becomes the next token (`parse_virtual_assignment`). */
function parseAssignment(tokens: TokenStream, token: Token): readonly string[] {
  if (token.assignment === undefined) return [];
  const { virtuals, substitute } = token.assignment;
  const start = token.text.indexOf(substitute);
  const kind = substitute.includes(".") ? "FULLY_QUALIFIED_PACKAGE_NAME" : "UNQUALIFIED_PACKAGE_NAME";
  tokens.push({ kind, text: substitute, start, end: start + substitute.length });
  return virtuals;
}

function parseAttributes(
  tokens: TokenStream,
  parseCondition: (text: string) => Spec,
): Pick<EdgeProperties, "flags" | "virtuals" | "when"> {
  const attributes = new Map<string, readonly string[]>();
  for (;;) {
    const pair = tokens.accept("KEY_VALUE_PAIR");
    if (pair !== undefined) {
      const [name, values] = parsePair(pair.text);
      if (!["deptypes", "virtuals", "when"].includes(name)) {
        throw tokens.error(
          'the only edge attributes that are currently accepted are "deptypes", "virtuals", and "when"',
        );
      }
      attributes.set(name, values);
      continue;
    }
    const end = tokens.accept("END_EDGE_PROPERTIES");
    if (end === undefined) throw tokens.error("unexpected token in edge attributes", tokens.next);
    const virtuals = [...(attributes.get("virtuals") ?? []), ...parseAssignment(tokens, end)];
    const condition = attributes.get("when")?.[0];
    return {
      flags: parseTypes(attributes.get("deptypes") ?? []),
      virtuals: sortedUnique(virtuals),
      when: condition === undefined ? undefined : parseCondition(condition),
    };
  }
}

function sortedUnique(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}

function parsePair(text: string): [string, readonly string[]] {
  const equals = text.indexOf("=");
  const name = text.slice(0, equals).replace(/:$/, "");
  const value = text.slice(equals + 1).replace(/^['" ]+|['" ]+$/g, "");
  return [name, value.split(",")];
}

function parseTypes(names: readonly string[]): DependencyFlags {
  const types = names.map((name) => {
    const type = ALL_DEPENDENCY_TYPES.find((candidate) => candidate === name);
    if (type !== undefined) return type;
    throw new SpackOciError("ERR_SPEC_DEPTYPE", `Invalid dependency type: ${name}`, {
      kind: "usage",
      hint: `Dependency types are ${ALL_DEPENDENCY_TYPES.join(", ")}.`,
    });
  });
  return dependencyFlags(...(types satisfies DependencyType[]));
}
