// Finds the installed packages that specs of a command line match.

import { SpackOciError } from "@spack-oci/errors";
import { type LockedEnvironment, readSpecFile } from "@spack-oci/spack-config";
import { catalogOf, parseArguments, queryCatalog, type Spec, textOf } from "@spack-oci/spack-spec";
import type { InstallDatabase, InstallRecord } from "@spack-oci/spack-store";
import { describePackage } from "../events/events.js";

/** What to look for. */
export interface InstalledQuery {
  /** As on a command line; everything that is installed if empty. */
  readonly specs: readonly string[];
  /** Whether a spec may match several packages. */
  readonly all: boolean;
  /** Limits the choice to the specs of this environment. */
  readonly environment?: LockedEnvironment | undefined;
}

/**
 * Installed and deprecated packages, each once (`find_matching_specs` in `spack/cmd/uninstall.py`). Those of upstream
 * stores do not count.
 *
 * @throws SpackOciError `ERR_SPEC_NO_MATCH` (`not-found`) if nothing matches a spec, `ERR_SPEC_AMBIGUOUS` (`usage`) if
 *   several packages match one, and the errors of specs
 */
export function matchInstalled(
  database: InstallDatabase,
  { specs, all, environment }: InstalledQuery,
): readonly InstallRecord[] {
  const catalog = catalogOf(database);
  const query = (constraint?: Spec) =>
    queryCatalog(catalog, constraint, {
      status: ["installed", "deprecated"],
      ...(environment === undefined ? {} : { hashes: environment.hashes }),
    });
  const constraints = specs.length === 0 ? [undefined] : parseArguments(specs, { readSpecFile });
  const matches = constraints.map((constraint) => ({ constraint, nodes: query(constraint) }));
  const missed = matches.find(({ constraint, nodes }) => constraint !== undefined && nodes.length === 0);
  if (missed?.constraint !== undefined) throw noMatch(missed.constraint, environment);
  const ambiguous = all ? [] : matches.filter(({ nodes }) => nodes.length > 1);
  if (ambiguous.length > 0) {
    const lines = ambiguous.map(({ constraint, nodes }) => {
      const names = nodes.map((node) => `\n  ${describePackage(node)}`);
      return `${constraint === undefined ? "No spec" : textOf(constraint)} matches several packages:${names.join("")}`;
    });
    throw new SpackOciError("ERR_SPEC_AMBIGUOUS", lines.join("\n"), {
      kind: "usage",
      hint: "Use a more specific spec, give the hash (/HASH), or add --all to take all of them.",
    });
  }
  const hashes = new Set(matches.flatMap(({ nodes }) => nodes.map(({ hash }) => hash)));
  return [...hashes].flatMap((hash) => database.records.get(hash) ?? []);
}

/**
 * The hashes of installed packages that match any of the specs (`ConstraintAction` in `spack/cmd/common/arguments.py`).
 *
 * @throws SpackOciError the errors of specs
 */
export function matchAny(
  database: InstallDatabase,
  { specs, environment }: Pick<InstalledQuery, "specs" | "environment">,
): ReadonlySet<string> {
  const catalog = catalogOf(database);
  const limits = environment === undefined ? {} : { hashes: environment.hashes };
  const nodes = parseArguments(specs, { readSpecFile }).flatMap((spec) =>
    queryCatalog(catalog, spec, limits),
  );
  return new Set(nodes.map(({ hash }) => hash));
}

function noMatch(constraint: Spec, environment: LockedEnvironment | undefined): SpackOciError {
  const where =
    environment === undefined ? "installed packages" : `packages in environment ${environment.name}`;
  return new SpackOciError("ERR_SPEC_NO_MATCH", `${textOf(constraint)} does not match any ${where}.`, {
    kind: "not-found",
    hint: "Run `spack-oci find` to list what is installed.",
  });
}
