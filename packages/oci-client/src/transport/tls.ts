// Which certificates are trusted and shown, per host.
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
  const authorities = caFiles.map((path) => readPem(path, "ca"));
  const shown = certificateFile === undefined ? undefined : readPem(certificateFile, "cert");
  const key = keyFile === undefined ? undefined : readText(keyFile);
  if (shown !== undefined && key !== undefined)
    check({ cert: shown, key }, `${certificateFile} with ${keyFile}`);
  return {
    rejectUnauthorized: verify,
    ...(authorities.length > 0 ? { ca: [...rootCertificates, ...authorities] } : {}),
    ...(shown === undefined ? {} : { cert: shown }),
    ...(key === undefined ? {} : { key }),
  };
}

function readPem(path: string, use: "ca" | "cert"): string {
  const text = readText(path);
  // OpenSSL takes a text without any certificate for an empty list.
  if (!text.includes("-----BEGIN ")) throw badCertificate(path, "there is no PEM certificate in it");
  check({ [use]: text }, path);
  return text;
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw badCertificate(path, (cause as Error).message, cause);
  }
}

function check(options: { ca?: string; cert?: string; key?: string }, place: string): void {
  try {
    createSecureContext(options);
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
