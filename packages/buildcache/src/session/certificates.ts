// Which certificates and how much patience a connection needs, as Spack's config.yaml has it.

import { statSync } from "node:fs";
import type { SpackInstance } from "@spack-oci/spack-store";

/** What a registry client is told of connections. */
export interface ConnectionSettings {
  readonly tls: { readonly verify: boolean; readonly caFiles: readonly string[] };
  /** Milliseconds to wait for a connection. */
  readonly connectTimeout: number;
}

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
  return {
    tls: {
      verify: scalar("verify_ssl")?.value !== false,
      caFiles: caFile !== undefined && isFile(caFile) ? [caFile] : [],
    },
    connectTimeout: Number(scalar("connect_timeout")?.value ?? CONNECT_TIMEOUT_SECONDS) * 1000,
  };
}

/** An unset variable stays in the configured path, which then names nothing; Spack ignores such a path. */
function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
