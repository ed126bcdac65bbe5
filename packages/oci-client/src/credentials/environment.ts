// Credentials from the environment, for continuous integration.

import { isSameHost } from "../quirks/host-names.js";
import { type AuthFile, findInAuths, parseAuthFile } from "./auth-file.js";
import type { Credentials } from "./credential.js";

const USERNAME_VARIABLE = "SPACK_OCI_USERNAME";
const PASSWORD_VARIABLE = "SPACK_OCI_PASSWORD";
const CONFIG_VARIABLE = "DOCKER_AUTH_CONFIG";

/**
 * `SPACK_OCI_USERNAME` and `SPACK_OCI_PASSWORD`, if both are set and not empty: for the given hosts, or for every host
 * that asks for credentials if none are given. Give the hosts if others are involved too (a base image from
 * elsewhere), because all of them would see the same password.
 */
export function environmentCredentials(
  environment: NodeJS.ProcessEnv,
  hosts?: readonly string[],
): Credentials {
  const source = `the environment (${USERNAME_VARIABLE}, ${PASSWORD_VARIABLE})`;
  const find: Credentials = (host) => {
    const username = environment[USERNAME_VARIABLE];
    const password = environment[PASSWORD_VARIABLE];
    const applies = hosts === undefined || hosts.some((named) => isSameHost(named, host));
    if (!username || !password || !applies) return undefined;
    return { kind: "basic", username, password, source };
  };
  return Object.assign(find, { sources: [source] });
}

/** `DOCKER_AUTH_CONFIG`, the text of a config.json, which GitLab's runners set. */
export function authConfigVariable(environment: NodeJS.ProcessEnv): Credentials {
  const source = `the environment (${CONFIG_VARIABLE})`;
  let file: AuthFile | undefined;
  const find: Credentials = (host, repository) => {
    const text = environment[CONFIG_VARIABLE];
    if (!text) return undefined;
    file ??= parseAuthFile(text, source);
    return findInAuths(file, host, repository);
  };
  return Object.assign(find, { sources: [source] });
}
