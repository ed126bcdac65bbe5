// The specs of a command line, in the active environment where there is one.

import { requestedEnvironment, type Session, type SpecRequest } from "@spack-oci/buildcache";

/** @throws SpackOciError where there is an environment that has no lock file, or none of that name */
export function specRequest(specs: readonly string[], session: Session): SpecRequest {
  const { environment } = session;
  return environment === undefined ? { specs } : { specs, environment: requestedEnvironment(environment) };
}
