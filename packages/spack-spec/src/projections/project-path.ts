// Where a spec is installed below the root of an install tree.

import { SpackOciError } from "@spack-oci/errors";
import { formatPathOf } from "../format/format-path.js";
import { satisfies } from "../match/satisfies.js";
import { specOfNode } from "../model/concrete-specs.js";
import type { SpecGraph, SpecNode } from "../model/node.js";
import type { Spec } from "../model/spec.js";
import { parseSpec } from "../parse/parse-spec.js";

/** Spack's default projection since 1.0 (`spack/directory_layout.py`). */
export const DEFAULT_PROJECTIONS: ReadonlyMap<string, string> = new Map([
  ["all", "{architecture.platform}-{architecture.target}/{name}-{version}-{hash}"],
]);

/** How projections are applied. */
export interface ProjectionOptions {
  /** `config:install_tree:projections`, formats by constraints; {@link DEFAULT_PROJECTIONS} by default. */
  readonly projections?: ReadonlyMap<string, string>;
  /** `config:install_hash_length`: how many characters of the hash are in the path; all by default. */
  readonly hashLength?: number | undefined;
}

/**
 * The path of `node` relative to the root of the install tree, by {@link findProjection} (`spack/directory_layout.py:
 * DirectoryLayout.relative_path_for_spec`).
 *
 * @throws SpackOciError `ERR_PROJECTION_MISSING` if no key matches, `ERR_PROJECTION_HASH` if a hash length is given and
 *   a projection has no `{hash}`, and the errors of constraints and of format strings
 *
 * @example
 * ```ts
 * import { readFileSync } from "node:fs";
 * import { parseSpecDocument, projectPath } from "@spack-oci/spack-spec";
 *
 * const { graph, root } = parseSpecDocument(readFileSync("margo.json", "utf8"));
 * const projections = new Map([["all", "{name}/{version}"]]);
 * console.log(projectPath(graph, root, { projections })); // margo-lite/0.18.3
 * ```
 */
export function projectPath(graph: SpecGraph, node: SpecNode, options: ProjectionOptions = {}): string {
  const { projections = DEFAULT_PROJECTIONS, hashLength } = options;
  const formats = new Map(
    [...projections].map(([key, format]) => [key, withHashLength(format.toLowerCase(), hashLength)]),
  );
  const spec = specOfNode(graph, node);
  return formatPathOf(spec, findProjection(formats, spec));
}

/**
 * The format of the first key that `spec` satisfies, in the order of `projections`, except that `all` always comes last
 * (`spack/projections.py: get_projection`).
 *
 * @returns undefined if no key matches
 * @throws SpackOciError the errors of constraints
 *
 * @example
 * ```ts
 * import { readFileSync } from "node:fs";
 * import { parseSpecDocument, projectionOf, specOfNode } from "@spack-oci/spack-spec";
 *
 * const { graph, root } = parseSpecDocument(readFileSync("margo.json", "utf8"));
 * const projections = new Map([
 *   ["all", "{name}"],
 *   ["^argobots-lite", "{name}-argobots"],
 * ]);
 * console.log(projectionOf(projections, specOfNode(graph, root))); // {name}-argobots
 * ```
 */
export function projectionOf(projections: ReadonlyMap<string, string>, spec: Spec): string | undefined {
  for (const [key, format] of projections) {
    if (satisfies(spec, parseSpec(key))) return format;
  }
  return projections.get("all");
}

/**
 * Like {@link projectionOf}, for install trees, which need a projection for every package.
 *
 * @throws SpackOciError `ERR_PROJECTION_MISSING` if no key matches, and the errors of constraints
 */
export function findProjection(projections: ReadonlyMap<string, string>, spec: Spec): string {
  const format = projectionOf(projections, spec);
  if (format !== undefined) return format;
  throw new SpackOciError("ERR_PROJECTION_MISSING", `No projection matches ${spec.name}.`, {
    kind: "usage",
    hint: "Add the key `all` to config:install_tree:projections.",
  });
}

function withHashLength(format: string, hashLength: number | undefined): string {
  if (hashLength === undefined) return format;
  if (format.includes("{hash}")) return format.replaceAll("{hash}", `{hash:${hashLength}}`);
  throw new SpackOciError(
    "ERR_PROJECTION_HASH",
    format.includes("{hash")
      ? "Conflicting options for installation layout hash length"
      : "Cannot specify hash length when the hash is not part of all install_tree projections",
    {
      kind: "usage",
      place: format,
      hint: "Remove config:install_hash_length, or use {hash} in every projection.",
    },
  );
}
