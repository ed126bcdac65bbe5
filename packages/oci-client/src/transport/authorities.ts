// The certificate authorities that this machine trusts, which Node by itself does not ask for: a site's own is there.
import { readFileSync } from "node:fs";

/** Where systems keep the bundle: Debian, Red Hat, SUSE, Alpine and macOS. */
const bundles = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/ssl/cert.pem",
];

const read = new Map<string, string | undefined>();

/**
 * The authorities as PEM texts: those of `SSL_CERT_FILE`, which takes the place of the machine's as it does for OpenSSL
 * and so for Spack, else the machine's bundle. A file that is not there has none, as OpenSSL has it.
 */
export function machineAuthorities(environment: NodeJS.ProcessEnv): string[] {
  const named = environment["SSL_CERT_FILE"];
  for (const path of named ? [named] : bundles) {
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
    return undefined; // verification, which then fails, names the host and this variable
  }
}
