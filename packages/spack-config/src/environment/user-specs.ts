// The specs of a manifest, with matrices expanded.

import {
  constrain,
  isAbstract,
  type ParseOptions,
  parseSpec,
  type Spec,
  satisfies,
} from "@spack-oci/spack-spec";
import type { ListedSpec, SpecMatrix } from "./spec-list.js";

/**
 * The specs of a list.
 *
 * Source: `lib/spack/spack/environment/list.py`, `SpecList.specs` and `_expand_matrix_constraints`.
 *
 * @throws SpackOciError the errors of {@link parseSpec}, and `ERR_SPEC_CONFLICT` for conflicting parts.
 */
export function expandSpecs(entries: readonly ListedSpec[], options: ParseOptions = {}): Spec[] {
  return entries.flatMap((entry) => constraintLists(entry, options)).map((parts) => combine(parts, options));
}

/** Each spec of an entry as a list of constraints. */
function constraintLists(entry: ListedSpec, options: ParseOptions): (readonly string[])[] {
  return "rows" in entry ? expandMatrix(entry, options) : [entry.constraints];
}

function expandMatrix({ rows, exclude, sigil }: SpecMatrix, options: ParseOptions): (readonly string[])[] {
  // A matrix inside a row contributes one text per combination.
  const texts = rows.map((row) =>
    row.flatMap((entry) => constraintLists(entry, options).map((parts) => parts.join(" "))),
  );
  const excluded = exclude.map((text) => parseSpec(text, options));
  return product(texts)
    .filter((combination) => !excluded.some((spec) => satisfies(combine(combination, options), spec)))
    .map(([first = "", ...rest]) => [sigil + first, ...rest]);
}

function product(rows: readonly (readonly string[])[]): string[][] {
  return rows.reduce<string[][]>(
    (heads, row) => heads.flatMap((head) => row.map((item) => [...head, item])),
    [[]],
  );
}

function combine([first = "", ...rest]: readonly string[], options: ParseOptions): Spec {
  const spec = parseSpec(first, options);
  const others = rest.map((text) => parseSpec(text, options));
  if (isAbstract(spec)) for (const other of others) constrain(spec, other);
  return spec;
}
