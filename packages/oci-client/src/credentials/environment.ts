// Credentials from the environment, for continuous integration.

import { isSameHost } from "../quirks/host-names.js";
import { type AuthFile, findInAuths, parseAuthFile } from "./auth-file.js";
import type { Credentials } from "./credential.js";

const userVariable = "SPACK_OCI_USERNAME";
const passwordVariable = "SPACK_OCI_PASSWORD";
const configVariable = "DOCKER_AUTH_CONFIG";

/**
 * Uses `SPACK_OCI_USERNAME` and `SPACK_OCI_PASSWORD`, when both are set and not empty: for the given hosts, or, when
 * none are given, for every host that is asked for credentials. Name the hosts where others are involved too (a base
 * image from elsewhere), or they are shown the same password.
 */
export function environmentCredentials(
  environment: NodeJS.ProcessEnv,
  hosts?: readonly string[],
): Credentials {
  const source = `the environment (${userVariable}, ${passwordVariable})`;
  const find: Credentials = (host) => {
    const username = environment[userVariable];
    const password = environment[passwordVariable];
    const isMeant = hosts === undefined || hosts.some((named) => isSameHost(named, host));
    if (!username || !password || !isMeant) return undefined;
    return { kind: "basic", username, password, source };
  };
  return Object.assign(find, { sources: [source] });
}

/** Uses `DOCKER_AUTH_CONFIG`, the text of a config.json, which GitLab's runners set. */
export function authConfigVariable(environment: NodeJS.ProcessEnv): Credentials {
  const source = `the environment (${configVariable})`;
  let file: AuthFile | undefined;
  const find: Credentials = (host, repository) => {
    const text = environment[configVariable];
    if (!text) return undefined;
    file ??= parseAuthFile(text, source);
    return findInAuths(file, host, repository);
  };
  return Object.assign(find, { sources: [source] });
}
