// Selects packages: the specs of a command line, and options that narrow them down.

import type { Session, SpecRequest } from "@spack-oci/buildcache";
import { choice, flag, naming, remainingArguments } from "../declaration/parameter.js";

export const SPECS_ARGUMENT = naming(
  "package",
  remainingArguments("spec", "spec in Spack syntax (name, name@version, /hash, ...); default: all packages"),
);

/** For commands that work on named packages only. */
export const NAMED_SPECS_ARGUMENT = remainingArguments(
  "spec",
  "spec in Spack syntax (name, name@version, /hash, ...)",
);

/** @param verb as in "push only the named packages" */
export function onlyOption(verb: string) {
  return choice("--only <what>", `${verb} only the named packages, or only their dependencies`, [
    "package",
    "dependencies",
  ]);
}

export const WITHOUT_BUILD_OPTION = flag("--without-build-dependencies", "exclude build dependencies");

/** Spack calls the same option `--allarch` for lists, and `--otherarch` for installs. */
export function allMachinesOptions(summary: string) {
  return {
    allarch: flag("-a, --allarch", summary),
    otherarch: flag("-o, --otherarch", "the same as --allarch, as in Spack"),
  };
}

/** @param what as in "all packages in the mirror" */
export function allOption(what: string) {
  return flag("--all", `all ${what}, even if an environment is active`);
}

/** @param verb as in "list only packages of the active environment" */
export function environmentOnlyOption(verb: string) {
  return flag("--env-only", `${verb} only packages of the active environment`);
}

/** A last line for what an environment has narrowed. */
export function narrowedLine(
  { environment }: SpecRequest,
  { count, total, of }: { readonly count: number; readonly total: number; readonly of: string },
  more: string,
): readonly string[] {
  if (environment === undefined || count >= total) return [];
  return [`${count} of ${total} ${of}: only those of environment ${environment.name}; ${more}.`];
}

/**
 * The specs, in the active environment if there is one.
 *
 * @param scope `all` to ignore the environment
 * @throws SpackOciError if the active environment does not exist or has no lock file
 */
export async function specRequest(
  specs: readonly string[],
  session: Session,
  scope: "environment" | "all" = "environment",
): Promise<SpecRequest> {
  if (scope === "all") return { specs };
  const { environment } = session.spack;
  if (environment === undefined) return { specs };
  const { requestedEnvironment } = await import("@spack-oci/buildcache");
  return { specs, environment: requestedEnvironment(environment) };
}
