// The places to look for credentials, in order.

import type { Credentials } from "./credential.js";
import { dockerConfigPath, fileCredentials, podmanAuthPaths } from "./docker-config.js";
import { authConfigVariable, environmentCredentials } from "./environment.js";
import { type RepositoryCredential, repositoryCredentials } from "./repository-credentials.js";

/** What the places depend on. */
export interface DefaultCredentialsOptions {
  /** `process.env` if left out. */
  readonly environment?: NodeJS.ProcessEnv;
  /** The hosts that get `SPACK_OCI_USERNAME` and `SPACK_OCI_PASSWORD`; every host if left out. */
  readonly hosts?: readonly string[];
  /** Credentials that the caller has for single repositories, such as those of configured mirrors. */
  readonly repositories?: readonly RepositoryCredential[];
}

/**
 * Looks in the environment, the given `repositories`, docker's config.json and its helpers, and podman's auth.json. The
 * first credential for a repository wins.
 */
export function defaultCredentials(options: DefaultCredentialsOptions = {}): Credentials {
  const { environment = process.env, hosts, repositories = [] } = options;
  return chainCredentials(
    environmentCredentials(environment, hosts),
    repositoryCredentials(repositories),
    authConfigVariable(environment),
    fileCredentials(dockerConfigPath(environment)),
    ...podmanAuthPaths(environment).map(fileCredentials),
  );
}

/** The first credential that any of the given places has; lists the sources of all of them. */
export function chainCredentials(...chain: readonly Credentials[]): Credentials {
  const find: Credentials = async (host, repository, signal) => {
    for (const credentials of chain) {
      const found = await credentials(host, repository, signal);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const unused: Credentials["unused"] = (host, repository) =>
    chain.flatMap((credentials) => credentials.unused?.(host, repository) ?? []);
  // Computed on each access, because a place may discover more sources (helpers) while it is searched.
  return Object.defineProperty(Object.assign(find, { unused }), "sources", {
    get: () => chain.flatMap((credentials) => credentials.sources ?? []),
  });
}
