// The certificate authorities that this machine trusts, among them a site's own; Node does not read them by itself.

import { readFileSync } from "node:fs";
import { delimiter } from "node:path";
import { certificatesInDirectory } from "./certificate-directory.js";

/** The locations of the bundle on Debian, Red Hat, SUSE, Alpine and macOS. */
const BUNDLES = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/ssl/cert.pem",
];

const read = new Map<string, readonly string[]>();

/**
 * The authorities as PEM texts: those in `SSL_CERT_FILE`, which replaces the machine's bundle as it does for OpenSSL
 * and therefore for Spack, or those of the machine; those in the directories of `SSL_CERT_DIR`, as in OpenSSL; and
 * those in `NODE_EXTRA_CA_CERTS`, which Node itself only adds to its default authorities. Missing files and
 * directories have no authorities, as in OpenSSL.
 */
export function machineAuthorities(environment: NodeJS.ProcessEnv): string[] {
  const { SSL_CERT_DIR: directories, NODE_EXTRA_CA_CERTS: extra } = environment;
  const listed = (directories ?? "").split(delimiter).filter(Boolean);
  return [
    ...bundledAuthorities(environment),
    ...listed.flatMap((path) => readOnce(path, certificatesInDirectory)),
    ...(extra ? readOnce(extra, readBundle) : []),
  ];
}

/** Those among them that are in one file, `SSL_CERT_FILE` or the machine's bundle. */
export function bundledAuthorities({ SSL_CERT_FILE: bundle }: NodeJS.ProcessEnv): readonly string[] {
  for (const path of bundle ? [bundle] : BUNDLES) {
    const texts = readOnce(path, readBundle);
    if (texts.length > 0) return texts;
  }
  return [];
}

function readBundle(path: string): readonly string[] {
  return [readFileSync(path, "utf8")];
}

function readOnce(path: string, readFrom: (path: string) => readonly string[]): readonly string[] {
  const known = read.get(path) ?? readIfPossible(path, readFrom);
  read.set(path, known);
  return known;
}

function readIfPossible(path: string, readFrom: (path: string) => readonly string[]): readonly string[] {
  try {
    return readFrom(path);
  } catch {
    return []; // verification then fails, and its error names the host and these variables
  }
}
