// The certificates to trust and to present, per host.

import { X509Certificate } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { createSecureContext, rootCertificates, type SecureContext } from "node:tls";
import { reasonOf, SpackOciError } from "@spack-oci/errors";
import { bundledAuthorities, machineAuthorities } from "./authorities.js";
import { certificatesIn, certificatesInDirectory } from "./certificate-directory.js";

/** Certificates for a connection; all files are PEM. */
export interface TlsOptions {
  /**
   * Files of certificate authorities, or directories of such files, to trust in addition to Node's and the machine's.
   */
  readonly caFiles?: readonly string[];
  /** A client certificate, with its key. */
  readonly certificateFile?: string;
  readonly keyFile?: string;
  /** Whether to verify the host's certificate; true if left out. */
  readonly verify?: boolean;
}

/** The options of `tls.connect`. */
export interface SecureConnectOptions {
  readonly rejectUnauthorized: boolean;
  readonly secureContext: SecureContext;
}

/** Whom connections to a host trust. Each property is one context for all of them. */
export interface Trust {
  /**
   * With the authorities that were named for the host, and those in the machine's bundle. OpenSSL parses an authority
   * in a quarter of a millisecond, and all of them are hundreds.
   */
  readonly likely: SecureConnectOptions;
  /** With every authority, for a host whose certificate `likely` rejects. */
  readonly full: () => SecureConnectOptions;
}

/**
 * Reads the files of {@link TlsOptions}.
 *
 * @throws SpackOciError of kind `usage`, code `ERR_OCI_CERTIFICATE`, if one cannot be read or is malformed.
 */
export function readTls(options: TlsOptions, environment: NodeJS.ProcessEnv): Trust {
  const { caFiles = [], certificateFile, keyFile, verify = true } = options;
  const named = caFiles.flatMap(readAuthorities);
  const cert = certificateFile === undefined ? {} : { cert: readPem(certificateFile) };
  const key = keyFile === undefined ? {} : { key: readText(keyFile) };
  const place = [certificateFile, keyFile].filter((file) => file !== undefined).join(" with ");
  const trusting = (ca: string[]): SecureConnectOptions => ({
    rejectUnauthorized: verify,
    secureContext: validated(place, () => createSecureContext({ ca, ...cert, ...key })),
  });
  let full: SecureConnectOptions | undefined;
  return {
    likely: trusting(verify ? [...named, ...bundledAuthorities(environment)] : []),
    full: () => (full ??= trusting([...rootCertificates, ...machineAuthorities(environment), ...named])),
  };
}

function readAuthorities(path: string): readonly string[] {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return [readPem(path)];
  let found: readonly string[] = [];
  try {
    found = certificatesInDirectory(path);
  } catch (cause) {
    throw badCertificate(path, reasonOf(cause), cause);
  }
  if (found.length === 0) throw badCertificate(path, "none of its files has a PEM certificate");
  return found;
}

function readPem(path: string): string {
  const text = readText(path);
  // OpenSSL silently ignores what it cannot parse, and takes a text without a certificate for an empty list.
  const blocks = certificatesIn(text);
  if (blocks.length === 0) throw badCertificate(path, "it has no PEM certificate");
  for (const block of blocks) validated(path, () => new X509Certificate(block));
  return text;
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw badCertificate(path, reasonOf(cause), cause);
  }
}

function validated<T>(place: string, check: () => T): T {
  try {
    return check();
  } catch (cause) {
    throw badCertificate(place, reasonOf(cause), cause);
  }
}

function badCertificate(place: string, why: string, cause?: unknown): SpackOciError {
  return new SpackOciError("ERR_OCI_CERTIFICATE", `Cannot use ${place} as a certificate: ${why}.`, {
    kind: "usage",
    place,
    cause,
    hint: "Use a file of PEM certificates (-----BEGIN CERTIFICATE-----), with its key for a client certificate.",
  });
}
