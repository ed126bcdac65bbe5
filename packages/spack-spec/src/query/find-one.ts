// Finds the one spec that a user means, and lists the candidates if there are several.
import { SpackOciError } from "@spack-oci/errors";
import { formatAny, textOf } from "../format/format-spec.js";
import type { ConcreteSpec, Spec } from "../model/spec.js";
import { colorize } from "../text/color.js";
import type { SpecCatalog } from "./catalog.js";
import { type QueryOptions, queryCatalog } from "./query.js";

const candidateFormat =
  "{name}{@version}{ platform=architecture.platform}{ os=architecture.os}{ target=architecture.target}" +
  "{%compiler.name}{@compiler.version}";

/** {@link QueryOptions}, and how to choose. */
export interface FindOneOptions extends QueryOptions {
  /** Take the first of several. */
  readonly first?: boolean;
  /** Whether the message of the error is in colours. */
  readonly color?: boolean;
}

/**
 * The only spec of `catalog` that satisfies `constraint` (`spack/cmd/__init__.py: disambiguate_spec`).
 *
 * @throws SpackOciError `ERR_SPEC_NO_MATCH`; `ERR_SPEC_AMBIGUOUS`, whose message has a line for each candidate
 */
export function findOne(catalog: SpecCatalog, constraint: Spec, options: FindOneOptions = {}): ConcreteSpec {
  const found = queryCatalog(catalog, constraint, options);
  const [first] = found;
  if (first === undefined) {
    throw new SpackOciError(
      "ERR_SPEC_NO_MATCH",
      `Spec '${textOf(constraint)}' matches no installed packages.`,
      {
        kind: "not-found",
        hint: "See what is installed with `spack find`.",
      },
    );
  }
  if (found.length > 1 && options.first !== true) throw ambiguous(constraint, found, options.color === true);
  return first;
}

function ambiguous(constraint: Spec, candidates: readonly ConcreteSpec[], color: boolean): SpackOciError {
  const lines = candidates.map((spec) => {
    const hash = colorize(`  @K{${spec.concrete.hash.slice(0, 7)}} `, color);
    return `${hash}${formatAny(spec, candidateFormat, { color })}`;
  });
  const hint = "Use a more specific spec (e.g., prepend '/' to the hash).";
  const message = [`${textOf(constraint)} matches multiple packages.`, "Matching packages:", ...lines, hint];
  return new SpackOciError("ERR_SPEC_AMBIGUOUS", message.join("\n"), { kind: "usage", hint });
}
