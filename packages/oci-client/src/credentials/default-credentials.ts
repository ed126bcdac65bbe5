// The places where credentials are looked for, in order.
import { chainCredentials } from "./chain.js";
import type { Credentials } from "./credential.js";
import { dockerConfigPath, fileCredentials } from "./docker-config.js";
import { environmentCredentials } from "./environment.js";

/** The environment, then docker's config.json. */
export function defaultCredentials(environment: NodeJS.ProcessEnv = process.env): Credentials {
  return chainCredentials(
    environmentCredentials(environment),
    fileCredentials(dockerConfigPath(environment)),
  );
}
