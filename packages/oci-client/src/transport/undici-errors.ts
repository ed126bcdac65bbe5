// Explains the error codes of undici, Node's sockets and OpenSSL, and whether another attempt may help.

import { ConnectionError } from "../http/connection-error.js";
import type { HttpRequest } from "../http/http.js";

interface Explanation {
  readonly says: string;
  readonly hint: string;
  readonly retryable: boolean;
}

const TLS_HINT =
  "Set SSL_CERT_FILE to the file of its certificate authority (or SSL_CERT_DIR to a directory of such files), or turn verification off for this host.";
const PLAIN_HTTP_HINT = "Check the port; for a registry without https, write oci+http://HOST/PATH.";
const WAIT_HINT = "Try again later, or raise the timeouts.";
const RESET_HINT = "Try again; if the error persists, a proxy or the registry cuts connections.";

const EXPLANATIONS: Record<string, Explanation> = {
  // OpenSSL's codes for an answer that does not start as TLS does: mostly a registry that uses plain http.
  ERR_SSL_WRONG_VERSION_NUMBER: { says: "does not speak https", hint: PLAIN_HTTP_HINT, retryable: false },
  ERR_SSL_PACKET_LENGTH_TOO_LONG: { says: "does not speak https", hint: PLAIN_HTTP_HINT, retryable: false },
  ENOTFOUND: {
    says: "has no address",
    hint: "Check the host name and the proxy variables.",
    retryable: false,
  },
  EAI_AGAIN: {
    says: "could not be resolved",
    hint: "Check the name server of the network.",
    retryable: true,
  },
  ECONNREFUSED: {
    says: "refused the connection",
    hint: "Check the host and port, whether the server is running, and the proxy variables.",
    retryable: true,
  },
  ECONNRESET: { says: "reset the connection", hint: RESET_HINT, retryable: true },
  EPIPE: { says: "closed the connection", hint: RESET_HINT, retryable: true },
  ETIMEDOUT: { says: "did not answer in time", hint: WAIT_HINT, retryable: true },
  EHOSTUNREACH: {
    says: "cannot be reached",
    hint: "Check the network and the proxy variables.",
    retryable: true,
  },
  ENETUNREACH: {
    says: "cannot be reached",
    hint: "Check the network and the proxy variables.",
    retryable: true,
  },
  UND_ERR_SOCKET: { says: "closed the connection", hint: RESET_HINT, retryable: true },
  UND_ERR_CONNECT_TIMEOUT: { says: "did not accept a connection in time", hint: WAIT_HINT, retryable: true },
  UND_ERR_HEADERS_TIMEOUT: { says: "did not answer in time", hint: WAIT_HINT, retryable: true },
  UND_ERR_BODY_TIMEOUT: { says: "stopped sending", hint: WAIT_HINT, retryable: true },
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: {
    says: "sent an incomplete answer",
    hint: RESET_HINT,
    retryable: true,
  },
};

const TLS_CODE = /^(?:CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|ERR_TLS_|ERR_SSL_|EPROTO)/;

/** OpenSSL's codes for a chain of certificates that does not lead to a trusted one. */
const VERIFICATION_CODE = /^(?:CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;

/** Whether other authorities might verify the host. */
export function isVerificationError(error: Error): boolean {
  return VERIFICATION_CODE.test(codeOf(error));
}

/**
 * The {@link ConnectionError} of a failed attempt; an error without a code is not the connection's fault and stays as
 * it is.
 */
export function explainConnection(cause: unknown, request: HttpRequest): unknown {
  const code = codeOf(cause);
  if (code === "") return cause;
  const host = new URL(request.url).host;
  const { says, hint, retryable } = explanationOf(code);
  // OpenSSL's messages end with a line break.
  const detail = cause instanceof Error ? `${code}: ${cause.message.trim()}` : String(cause);
  return new ConnectionError(`${request.place}: ${host} ${says} (${detail}).`, {
    place: request.place,
    hint,
    cause,
    retryable,
  });
}

function explanationOf(code: string): Explanation {
  const known = EXPLANATIONS[code];
  if (known !== undefined) return known;
  if (TLS_CODE.test(code)) return { says: "has an untrusted certificate", hint: TLS_HINT, retryable: false };
  // The next answer may be proper HTTP again: Docker Hub's 429 once had bare line feeds.
  if (code.startsWith("HPE_"))
    return { says: "sent an answer that is not HTTP", hint: WAIT_HINT, retryable: true };
  return { says: "could not be reached", hint: "See the cause.", retryable: false };
}

function codeOf(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    const errors = at instanceof AggregateError ? at.errors : [];
    const code = (at as { code?: unknown }).code ?? (errors[0] as { code?: unknown } | undefined)?.code;
    if (typeof code === "string" && code !== "") return code;
    if (at.name === "HTTPParserError") return "HPE_INVALID";
  }
  return "";
}
