// Configures connections to registries: Spack's config.yaml, the environment, and the user's settings for registries.

import { statSync } from "node:fs";
import { join } from "node:path";
import { cacheDirectory, type RegistryClientOptions, readRegistrySettings } from "@spack-oci/oci-client";
import type { SpackInstance } from "@spack-oci/spack-config";

/** The client options that do not depend on the registry. */
export type ConnectionSettings = Omit<RegistryClientOptions, "credentials">;

/** Spack's own default (Spack: etc/spack/defaults/base/config.yaml). */
const CONNECT_TIMEOUT_SECONDS = 30;

/**
 * `verify_ssl`, `ssl_certs` and `connect_timeout` from Spack if there is one, else `SSL_CERT_FILE`; overridden by the
 * user's settings for registries, and those by the caller's options.
 *
 * @throws SpackOciError `ERR_OCI_SETTINGS` if the settings are malformed
 */
export function connectionSettings(
  environment: NodeJS.ProcessEnv,
  instance: SpackInstance | undefined,
  options: ConnectionSettings = {},
): ConnectionSettings {
  const scalar = (name: string) => {
    const value = instance?.configuration.get(`config:${name}`);
    return value?.kind === "scalar" ? value : undefined;
  };
  const certificates = scalar("ssl_certs");
  const named =
    certificates === undefined ? environment["SSL_CERT_FILE"] : instance?.canonicalize(certificates);
  const generalFiles = named !== undefined && isFile(named) ? [named] : [];
  const verify = scalar("verify_ssl")?.value !== false;
  const seconds = Number(scalar("connect_timeout")?.value ?? CONNECT_TIMEOUT_SECONDS);
  const { retry, timeouts, of } = readRegistrySettings(environment);
  return {
    ...options,
    environment,
    uploadsDirectory: join(cacheDirectory(environment), "spack-oci", "uploads"),
    hosts: of,
    tls: (host) => {
      const { caFiles = [], ...entry } = of(host);
      return { verify, ...entry, caFiles: [...generalFiles, ...caFiles] };
    },
    retry: { ...retry, ...options.retry },
    timeouts: { connect: seconds * 1000, ...timeouts, ...options.timeouts },
  };
}

/** The pull-through caches of a host, which are asked before it for everything that is read. */
export function mirrorsOf(environment: NodeJS.ProcessEnv, host: string): readonly string[] {
  return readRegistrySettings(environment).of(host).mirrors ?? [];
}

/** An unset variable is left literally in the configured path, which then does not exist; Spack ignores such a path. */
function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
