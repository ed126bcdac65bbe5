// Selects packages: the specs of a command line, and options that narrow them down.

import type { Session, SpecRequest } from "@spack-oci/buildcache";
import { choice, flag, remainingArguments } from "../declaration/parameter.js";

export const SPECS_ARGUMENT = remainingArguments(
  "spec",
  "spec in Spack syntax (name, name@version, /hash, ...); default: all packages",
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

/**
 * The specs, in the active environment if there is one.
 *
 * @throws SpackOciError if the active environment does not exist or has no lock file
 */
export async function specRequest(specs: readonly string[], session: Session): Promise<SpecRequest> {
  const { environment } = session.spack;
  if (environment === undefined) return { specs };
  const { requestedEnvironment } = await import("@spack-oci/buildcache");
  return { specs, environment: requestedEnvironment(environment) };
}
