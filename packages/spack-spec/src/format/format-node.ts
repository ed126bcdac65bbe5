// Prints concrete specs, for everything in the project that shows a spec to people or writes one into a text.

import { concreteSpecs } from "../concrete/concrete-specs.js";
import type { ConcreteSpec } from "../model/spec.js";
import type { SpecGraph, SpecNode } from "../specs/node.js";
import type { FormatOptions } from "./format-options.js";
import { formatPathOf } from "./format-path.js";
import { formatAny } from "./format-spec.js";
import { defaultFormat } from "./formats.js";

/** {@link FormatOptions} for nodes of a graph. */
export interface FormatNodeOptions {
  /** Whether to write escape sequences for colours; not by default. */
  readonly color?: boolean;
  /** The prefix of each node by its hash, for `{prefix}`. */
  readonly prefixOf?: (hash: string) => string | undefined;
  /** Spack's own directory, for `{spack_root}`. */
  readonly spackRoot?: string;
  /** The root of the install tree, for `{spack_install}`. */
  readonly installTree?: string;
}

/**
 * `node` by a format string such as `{name}{@version}{/hash:7}` (`spack/spec.py: Spec.format`). The default is what
 * `Spec.format()` prints, which also is the description in a buildcache's manifests.
 *
 * @param graph where the node's dependencies are looked up
 * @throws SpackOciError `ERR_SPEC_FORMAT`, `ERR_SPEC_FORMAT_SIGIL`, `ERR_SPEC_FORMAT_DEPENDENCY`
 */
export function formatSpec(
  graph: SpecGraph,
  node: SpecNode,
  format: string = defaultFormat,
  options: FormatNodeOptions = {},
): string {
  return formatAny(concreteSpecs(graph).of(node), format, specOptions(options));
}

/**
 * `node` by a format string that is a path; slashes in values become `_` (`spack/spec.py: Spec.format_path`).
 *
 * @throws SpackOciError `ERR_SPEC_FORMAT_PATH`, and those of {@link formatSpec}
 */
export function formatPath(
  graph: SpecGraph,
  node: SpecNode,
  format: string,
  options: FormatNodeOptions = {},
): string {
  return formatPathOf(concreteSpecs(graph).of(node), format, specOptions(options));
}

function specOptions({ prefixOf, ...options }: FormatNodeOptions): FormatOptions {
  if (prefixOf === undefined) return options;
  return { ...options, prefixOf: (spec: ConcreteSpec) => prefixOf(spec.concrete.hash) };
}
