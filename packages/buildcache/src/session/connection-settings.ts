// Configures connections to registries: Spack's config.yaml, the environment, and the user's settings for registries.

import { statSync } from "node:fs";
import { join } from "node:path";
import { cacheDirectory, type RegistryClientOptions, readRegistrySettings } from "@spack-oci/oci-client";
import type { UserConfiguration } from "@spack-oci/spack-config";

/** The client options that do not depend on the registry. */
export type ConnectionSettings = Omit<RegistryClientOptions, "credentials">;

/** Spack's own default (Spack: etc/spack/defaults/base/config.yaml). */
const CONNECT_TIMEOUT_SECONDS = 30;
/** The client's own defaults, in seconds, which a longer `connect_timeout` replaces: Spack's covers every wait. */
const WAITS = { headers: 120, stall: 60 };

/**
 * `verify_ssl`, `ssl_certs` and `connect_timeout` from Spack if there is one, else `SSL_CERT_FILE`; overridden by the
 * user's settings for registries, and those by the caller's options.
 *
 * @throws SpackOciError `ERR_OCI_SETTINGS` if the settings are malformed
 */
export function connectionSettings(
  environment: NodeJS.ProcessEnv,
  configured: UserConfiguration | undefined,
  options: ConnectionSettings = {},
): ConnectionSettings {
  const scalar = (name: string) => {
    const value = configured?.configuration.get(`config:${name}`);
    return value?.kind === "scalar" ? value : undefined;
  };
  const certificates = scalar("ssl_certs");
  const generalFiles =
    configured === undefined || certificates === undefined
      ? [environment["SSL_CERT_FILE"] ?? ""].filter(isFile)
      : configuredCertificates(certificates, configured, options);
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
    timeouts: { connect: seconds * 1000, ...longerWaits(seconds), ...timeouts, ...options.timeouts },
  };
}

/** The pull-through caches of a host, which are asked before it for everything that is read. */
export function mirrorsOf(environment: NodeJS.ProcessEnv, host: string): readonly string[] {
  return readRegistrySettings(environment).of(host).mirrors ?? [];
}

function longerWaits(seconds: number): ConnectionSettings["timeouts"] {
  const longer = Object.entries(WAITS).filter(([, wait]) => seconds > wait);
  return Object.fromEntries(longer.map(([name]) => [name, seconds * 1000]));
}

/**
 * `ssl_certs`: a file, or a directory of files. As in Spack, a relative path or one that does not exist is ignored, but
 * with a warning. A path with an unset variable gives none, because Spack's own default relies on that.
 *
 * Source: `lib/spack/spack/util/web.py`, `custom_ssl_certs`.
 */
function configuredCertificates(
  written: ConfiguredPath,
  configured: UserConfiguration,
  { onWarning }: ConnectionSettings,
): readonly string[] {
  const path = configured.canonicalize(written);
  const isRelative = !/^[/$~]/.test(String(written.value));
  const status = statSync(path, { throwIfNoEntry: false });
  if (!isRelative && (status?.isFile() || status?.isDirectory())) return [path];
  const why = isRelative ? "is not absolute" : "is neither a file nor a directory";
  if (!path.includes("$"))
    onWarning?.("config:ssl_certs", `${written.value} ${why}; it is ignored, as in Spack.`);
  return [];
}

type ConfiguredPath = Exclude<Parameters<UserConfiguration["canonicalize"]>[0], string>;

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
