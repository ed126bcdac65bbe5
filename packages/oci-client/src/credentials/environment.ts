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
  const appliesTo = (host: string) => hosts === undefined || hosts.some((named) => isSameHost(named, host));
  const read = () => {
    const { [USERNAME_VARIABLE]: username, [PASSWORD_VARIABLE]: password } = environment;
    return username && password ? ({ kind: "basic", username, password, source } as const) : undefined;
  };
  const find: Credentials = (host) => (appliesTo(host) ? read() : undefined);
  const unused = (host: string) =>
    appliesTo(host) || read() === undefined ? [] : [`${source} (for ${hosts?.join(", ")})`];
  return Object.assign(find, { sources: [source], unused });
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
