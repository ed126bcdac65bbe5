// Opens a buildcache by the name that a user gives it.

import {
  createRegistryClient,
  defaultCredentials,
  openTarget,
  type RegistryClientOptions,
  type TagLister,
  type Target,
} from "@spack-oci/oci-client";

/** A buildcache, wherever it is. */
export type Mirror = Target & TagLister;

/** How registries are spoken to where the defaults do not fit: patience, time, and who is told of requests. */
export type MirrorOptions = Pick<RegistryClientOptions, "retry" | "clock" | "onRequest">;

/**
 * @param mirror `oci://host/path`, `oci+http://host/path` or `oci-layout:DIRECTORY`
 * @param environment where credentials and their files are looked for
 * @throws SpackOciError of kind `usage` where the text is none of these
 */
export function openMirror(
  mirror: string,
  environment: NodeJS.ProcessEnv,
  options: MirrorOptions = {},
): Mirror {
  const client = createRegistryClient({ ...options, credentials: defaultCredentials(environment) });
  return openTarget(mirror, { client });
}
