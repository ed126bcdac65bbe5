// Reads the certificates in a directory, such as /etc/ssl/certs or the one in SSL_CERT_DIR.

import { X509Certificate } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** One certificate in PEM, also in OpenSSL's form with trust settings. */
const PEM_BLOCK = /-----BEGIN [A-Z ]*CERTIFICATE-----[^-]*-----END [A-Z ]*CERTIFICATE-----/g;

/** The PEM certificates in a text. */
export function certificatesIn(text: string): readonly string[] {
  return text.match(PEM_BLOCK) ?? [];
}

/**
 * Every certificate in the files of a directory, once. OpenSSL, and so Spack, only looks at files whose names are
 * hashes (`c_rehash`); these are links to the files that are read here, and their names are not needed.
 *
 * Files that hold anything else are passed over, as by OpenSSL.
 *
 * @throws the error of the file system if the directory cannot be listed
 */
export function certificatesInDirectory(directory: string): string[] {
  const found = new Set<string>();
  for (const name of readdirSync(directory)) {
    for (const block of certificatesIn(textIfReadable(join(directory, name)))) found.add(block);
  }
  return [...found].filter(isCertificate);
}

/** Nothing for what is not a readable file, such as a directory or a broken link. */
function textIfReadable(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return ""; // as in OpenSSL; verification then fails, and its error names the host
  }
}

function isCertificate(pem: string): boolean {
  try {
    new X509Certificate(pem);
    return true;
  } catch {
    return false;
  }
}
