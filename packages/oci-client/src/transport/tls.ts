// Which certificates are trusted and shown, per host.
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { createSecureContext, rootCertificates } from "node:tls";
import { SpackOciError } from "@spack-oci/errors";

/** Certificates for a connection; all files are PEM. */
export interface TlsOptions {
  /** Files of certificate authorities that are trusted besides the system's. */
  readonly caFiles?: readonly string[];
  /** A client certificate, with its key. */
  readonly certificateFile?: string;
  readonly keyFile?: string;
  /** Whether the host's certificate is verified; left out means yes. */
  readonly verify?: boolean;
}

/** What Node's `tls.connect` takes. */
export interface SecureConnectOptions {
  readonly ca?: string[];
  readonly cert?: string;
  readonly key?: string;
  readonly rejectUnauthorized: boolean;
}

/**
 * Reads the files of {@link TlsOptions}.
 *
 * @throws SpackOciError of kind `usage`, code `ERR_OCI_CERTIFICATE`, when one cannot be read or is malformed.
 */
export function readTls({
  caFiles = [],
  certificateFile,
  keyFile,
  verify = true,
}: TlsOptions): SecureConnectOptions {
  const authorities = caFiles.map((path) => readPem(path));
  const shown = certificateFile === undefined ? undefined : readPem(certificateFile);
  const key = keyFile === undefined ? undefined : readText(keyFile);
  if (shown !== undefined && key !== undefined) {
    insist(`${certificateFile} with ${keyFile}`, () => createSecureContext({ cert: shown, key }));
  }
  return {
    rejectUnauthorized: verify,
    ...(authorities.length > 0 ? { ca: [...rootCertificates, ...authorities] } : {}),
    ...(shown === undefined ? {} : { cert: shown }),
    ...(key === undefined ? {} : { key }),
  };
}

function readPem(path: string): string {
  const text = readText(path);
  // OpenSSL silently leaves out what it cannot read, and takes a text without a certificate for an empty list.
  const blocks = text.match(/-----BEGIN [A-Z ]*CERTIFICATE-----[^-]*-----END [A-Z ]*CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) throw badCertificate(path, "there is no PEM certificate in it");
  for (const block of blocks) insist(path, () => new X509Certificate(block));
  return text;
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw badCertificate(path, (cause as Error).message, cause);
  }
}

function insist(place: string, check: () => unknown): void {
  try {
    check();
  } catch (cause) {
    throw badCertificate(place, (cause as Error).message, cause);
  }
}

function badCertificate(place: string, why: string, cause?: unknown): SpackOciError {
  return new SpackOciError("ERR_OCI_CERTIFICATE", `${place} cannot be used as a certificate: ${why}`, {
    kind: "usage",
    place,
    cause,
    hint: "Name a file of PEM certificates (-----BEGIN CERTIFICATE-----), and for a client its key.",
  });
}
