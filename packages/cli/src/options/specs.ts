// The specs of a command line, in the active environment where there is one.

import type { Session, SpecRequest } from "@spack-oci/buildcache";
import { remainingArguments } from "../declaration/parameter.js";

export const SPECS_ARGUMENT = remainingArguments(
  "spec",
  "as Spack writes specs: name, name@version, /hash, ...; everything without any",
);

/** @throws SpackOciError where there is an environment that has no lock file, or none of that name */
export async function specRequest(specs: readonly string[], session: Session): Promise<SpecRequest> {
  const { environment } = session.spack;
  if (environment === undefined) return { specs };
  const { requestedEnvironment } = await import("@spack-oci/buildcache");
  return { specs, environment: requestedEnvironment(environment) };
}
