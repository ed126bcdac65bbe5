// Credentials from the environment, for continuous integration.
import type { Credentials } from "./credential.js";

const userVariable = "SPACK_OCI_USERNAME";
const passwordVariable = "SPACK_OCI_PASSWORD";

/**
 * Uses `SPACK_OCI_USERNAME` and `SPACK_OCI_PASSWORD` for every host, when both are set and not empty.
 */
export function environmentCredentials(environment: NodeJS.ProcessEnv): Credentials {
  const source = `the environment (${userVariable}, ${passwordVariable})`;
  const find: Credentials = () => {
    const username = environment[userVariable];
    const password = environment[passwordVariable];
    if (!username || !password) return undefined;
    return { kind: "basic", username, password, source };
  };
  return Object.assign(find, { sources: [source] });
}
