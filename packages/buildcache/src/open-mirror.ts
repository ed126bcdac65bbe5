// Opens a buildcache by the name that a user gives it.

import {
  createRegistryClient,
  defaultCredentials,
  openTarget,
  type TagLister,
  type Target,
} from "@spack-oci/oci-client";

/**
 * @param mirror `oci://host/path`, `oci+http://host/path` or `oci-layout:DIRECTORY`
 * @param environment where credentials and their files are looked for
 * @throws SpackOciError of kind `usage` where the text is none of these
 */
export function openMirror(mirror: string, environment: NodeJS.ProcessEnv): Target & TagLister {
  const client = createRegistryClient({ credentials: defaultCredentials(environment) });
  return openTarget(mirror, { client });
}
