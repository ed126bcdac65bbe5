// Certificates, proxies and patience for connections, as Spack's config.yaml and the environment have them.

import { statSync } from "node:fs";
import type { RegistryClientOptions } from "@spack-oci/oci-client";
import type { SpackInstance } from "@spack-oci/spack-store";

/** The part of a client's options that does not depend on whom it speaks to. */
export type ConnectionSettings = Required<Pick<RegistryClientOptions, "environment" | "tls" | "timeouts">>;

/** Spack's own default (Spack: etc/spack/defaults/base/config.yaml). */
const CONNECT_TIMEOUT_SECONDS = 30;

/** `verify_ssl`, `ssl_certs` and `connect_timeout` where there is a Spack; `SSL_CERT_FILE` where there is none. */
export function connectionSettings(
  environment: NodeJS.ProcessEnv,
  instance: SpackInstance | undefined,
): ConnectionSettings {
  const scalar = (name: string) => {
    const value = instance?.configuration.get(`config:${name}`);
    return value?.kind === "scalar" ? value : undefined;
  };
  const certificates = scalar("ssl_certs");
  const caFile =
    certificates === undefined ? environment["SSL_CERT_FILE"] : instance?.canonicalize(certificates);
  const tls = {
    verify: scalar("verify_ssl")?.value !== false,
    caFiles: caFile !== undefined && isFile(caFile) ? [caFile] : [],
  };
  const seconds = Number(scalar("connect_timeout")?.value ?? CONNECT_TIMEOUT_SECONDS);
  return { environment, tls: () => tls, timeouts: { connect: seconds * 1000 } };
}

/** An unset variable stays in the configured path, which then names nothing; Spack ignores such a path. */
function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
