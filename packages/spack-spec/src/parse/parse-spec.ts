// Parses specs as written on command lines and in configuration files.

import { isSpackOciError, SpackOciError } from "@spack-oci/errors";
import { textOf } from "../format/format-spec.js";
import { emptySpec, isAbstract } from "../model/abstract-spec.js";
import { compilerPackageName } from "../model/compiler-names.js";
import type { Spec } from "../model/spec.js";
import { addDependency } from "./add-dependency.js";
import { type EdgeProperties, parseEdge } from "./edge-parser.js";
import { parseNode } from "./node-parser.js";
import type { ParseOptions } from "./parse-options.js";
import { TokenStream } from "./token-stream.js";
import { applyToolchain } from "./toolchains.js";

/**
 * Parses exactly one spec; an empty text is a spec that everything satisfies (`Spec(text)` in Spack).
 *
 * @throws SpackOciError `ERR_SPEC_TOKENS`, `ERR_SPEC_SYNTAX`, `ERR_SPEC_COUNT` if there are several, `ERR_VERSION`,
 *   `ERR_VERSION_RANGE`, `ERR_SPEC_FILE`, `ERR_SPEC_DEPTYPE`
 *
 * @example
 * ```ts
 * import { parseSpec, textOf } from "@spack-oci/spack-spec";
 *
 * const spec = parseSpec("hdf5@1.14: +mpi ^openmpi %gcc@13");
 * console.log(spec.name); // hdf5
 * console.log(textOf(spec)); // hdf5@1.14:+mpi ^openmpi %gcc@13
 * ```
 */
export function parseSpec(text: string, options: ParseOptions = {}): Spec {
  return parseOne(text, options) ?? emptySpec();
}

/**
 * Parses any number of specs; throws like {@link parseSpec}, except `ERR_SPEC_COUNT` (`spack/spec_parser.py: parse`).
 *
 * @example
 * ```ts
 * import { parseSpecs } from "@spack-oci/spack-spec";
 *
 * console.log(parseSpecs("zlib@1.3 hdf5+mpi").map(({ name }) => name)); // [ 'zlib', 'hdf5' ]
 * ```
 */
export function parseSpecs(text: string, options: ParseOptions = {}): readonly Spec[] {
  const tokens = new TokenStream(text);
  const specs: Spec[] = [];
  for (let { next } = tokens; next !== undefined; next = tokens.next) {
    specs.push(parseNext(tokens, options));
    // Spack would look at the same token forever.
    if (tokens.next === next) throw tokens.error("unexpected token", next);
  }
  return specs;
}

function parseOne(text: string, options: ParseOptions): Spec | undefined {
  const tokens = new TokenStream(text);
  const spec = tokens.next === undefined ? undefined : parseNext(tokens, options);
  const { next } = tokens;
  if (next === undefined) return spec;
  const mark = `${" ".repeat(next.start)}${"^".repeat([...next.text].length)}`;
  throw new SpackOciError("ERR_SPEC_COUNT", `expected a single spec, but got more:\n${text}\n${mark}`, {
    kind: "usage",
    hint: "Quote values with spaces, and do not put spaces around =.",
  });
}

function parseCondition(text: string, options: ParseOptions): Spec {
  const spec = parseOne(text, options);
  if (spec !== undefined) return spec;
  throw new SpackOciError("ERR_SPEC_COUNT", "expected a single spec, but got none", { kind: "usage" });
}

/** A node and its dependencies: `%` belongs to the preceding node, `^` to the first one. */
function parseNext(tokens: TokenStream, options: ParseOptions): Spec {
  const root = parseNode(tokens, options);
  let current = root;
  for (;;) {
    const edge = parseEdge(tokens, (text) => parseCondition(text, options));
    if (edge === undefined) return root;
    if (applyNextToolchain(tokens, { spec: current, edge }, options)) continue;
    const dependency = parseDependency(tokens, edge, options);
    const parent = edge.direct ? current : root;
    if (!edge.direct) current = dependency;
    if (!isAbstract(parent)) throw concreteError(parent, dependency);
    try {
      addDependency(parent, dependency, edge);
    } catch (error) {
      throw tokens.error(messageOf(error), undefined, error);
    }
  }
}

function parseDependency(tokens: TokenStream, edge: EdgeProperties, options: ParseOptions): Spec {
  if (edge.direct && edge.bare && tokens.next === undefined) {
    throw tokens.error(
      "the dependency sigil and any optional edge attributes must be followed by a package name or a node attribute " +
        "(version, variant, etc.)",
    );
  }
  const dependency = parseNode(tokens, options);
  if (edge.direct && isAbstract(dependency)) dependency.name = compilerPackageName(dependency.name);
  return dependency;
}

/** Applies the toolchain named by the next token to `spec`; false if it does not name one. */
function applyNextToolchain(
  tokens: TokenStream,
  { spec, edge }: { readonly spec: Spec; readonly edge: EdgeProperties },
  options: ParseOptions,
): boolean {
  if (!edge.direct || edge.virtuals.length > 0 || tokens.next === undefined || !isAbstract(spec))
    return false;
  const toolchain = options.toolchains?.get(tokens.next.text);
  if (toolchain === undefined || tokens.accept("UNQUALIFIED_PACKAGE_NAME") === undefined) return false;
  try {
    applyToolchain(spec, toolchain, {
      propagate: edge.propagate,
      parse: (text) => parseCondition(text, options),
    });
  } catch (error) {
    throw tokens.error(messageOf(error), undefined, error);
  }
  return true;
}

function messageOf(error: unknown): string {
  if (isSpackOciError(error) && error.code !== "ERR_TARGET_UNKNOWN") return error.message;
  throw error;
}

function concreteError(spec: Spec, dependency: Spec): SpackOciError {
  return new SpackOciError(
    "ERR_SPEC_CONCRETE",
    `Cannot add ^${textOf(dependency)} to the concrete spec ${textOf(spec)}.`,
    {
      kind: "usage",
      hint: "Use a spec file on its own.",
    },
  );
}
