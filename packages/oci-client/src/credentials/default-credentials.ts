// The places where credentials are looked for, in order.

import { chainCredentials } from "./chain.js";
import type { Credentials } from "./credential.js";
import { dockerConfigPath, fileCredentials, podmanAuthPaths } from "./docker-config.js";
import { authConfigVariable, environmentCredentials } from "./environment.js";
import { type MirrorAccess, mirrorCredentials } from "./mirror.js";

/** What the places depend on. */
export interface DefaultCredentialsOptions {
  /** `process.env` when left out. */
  readonly environment?: NodeJS.ProcessEnv;
  /** The hosts that `SPACK_OCI_USERNAME` and `SPACK_OCI_PASSWORD` are for; every host when left out. */
  readonly hosts?: readonly string[];
  /** The access pairs of the configured mirrors. */
  readonly mirrors?: readonly MirrorAccess[];
}

/**
 * The environment, the mirrors' access pairs, docker's config.json and its helpers, podman's auth.json; the first that
 * has a credential for a repository is believed.
 */
export function defaultCredentials(options: DefaultCredentialsOptions = {}): Credentials {
  const { environment = process.env, hosts, mirrors = [] } = options;
  return chainCredentials(
    environmentCredentials(environment, hosts),
    mirrorCredentials(mirrors),
    authConfigVariable(environment),
    fileCredentials(dockerConfigPath(environment)),
    ...podmanAuthPaths(environment).map(fileCredentials),
  );
}
