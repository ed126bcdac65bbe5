// The certificate authorities that this machine trusts, among them a site's own; Node does not read them by itself.

import { readFileSync } from "node:fs";

/** The locations of the bundle on Debian, Red Hat, SUSE, Alpine and macOS. */
const BUNDLES = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/ssl/cert.pem",
];

const read = new Map<string, string | undefined>();

/**
 * The authorities as PEM texts: those in `SSL_CERT_FILE`, which replaces the machine's bundle as it does for OpenSSL
 * and therefore for Spack, or those of the machine. A missing file has no authorities, as in OpenSSL.
 */
export function machineAuthorities(environment: NodeJS.ProcessEnv): string[] {
  const named = environment["SSL_CERT_FILE"];
  for (const path of named ? [named] : BUNDLES) {
    const text = readOnce(path);
    if (text !== undefined) return [text];
  }
  return [];
}

function readOnce(path: string): string | undefined {
  if (!read.has(path)) read.set(path, readIfPossible(path));
  return read.get(path);
}

function readIfPossible(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined; // verification then fails, and its error names the host and this variable
  }
}
