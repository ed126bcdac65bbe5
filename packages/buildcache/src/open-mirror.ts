// Opens a buildcache by the name that a user gives it.

import { existsSync } from "node:fs";
import {
  createRegistryClient,
  defaultCredentials,
  openTarget,
  type RegistryClientOptions,
  type TagLister,
  type Target,
  type TlsOptions,
} from "@spack-oci/oci-client";

/** A buildcache, wherever it is. */
export type Mirror = Target & TagLister;

/** How registries are spoken to where the defaults do not fit: patience, time, and who is told of requests. */
export type MirrorOptions = Pick<RegistryClientOptions, "retry" | "clock" | "onRequest">;

/**
 * @param mirror `oci://host/path`, `oci+http://host/path` or `oci-layout:DIRECTORY`
 * @param environment where credentials, proxies and certificate authorities are named
 * @throws SpackOciError of kind `usage` where the text is none of these
 */
export function openMirror(
  mirror: string,
  environment: NodeJS.ProcessEnv,
  options: MirrorOptions = {},
): Mirror {
  const tls = trustedBy(environment);
  const client = createRegistryClient({
    ...options,
    environment,
    tls: () => tls,
    credentials: defaultCredentials(environment),
  });
  return openTarget(mirror, { client });
}

/** Spack's default for config:ssl_certs is this variable, and a file that is not there is as good as none. */
function trustedBy(environment: NodeJS.ProcessEnv): TlsOptions {
  const file = environment["SSL_CERT_FILE"];
  return file !== undefined && existsSync(file) ? { caFiles: [file] } : {};
}
