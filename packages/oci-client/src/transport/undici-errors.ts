// Says in the reader's words what undici, Node's sockets and OpenSSL report by code, and whether trying again helps.
import { ConnectionError } from "../http/connection-error.js";
import type { HttpRequest } from "../http/http.js";

interface Explanation {
  readonly says: string;
  readonly hint: string;
  readonly retryable: boolean;
}

const tlsHint =
  "Name the file of its certificate authority in SSL_CERT_FILE, or turn verification off for this host.";
const plainHint = "Check the port; a registry without https is written oci+http://HOST/PATH.";
const waitHint = "Try again later, or raise the time-outs.";
const resetHint = "Try again; if it stays, a proxy or the registry cuts connections.";

const explanations: Record<string, Explanation> = {
  // OpenSSL's words for an answer that does not begin as TLS does: mostly a registry that speaks plain http.
  ERR_SSL_WRONG_VERSION_NUMBER: { says: "does not speak https", hint: plainHint, retryable: false },
  ERR_SSL_PACKET_LENGTH_TOO_LONG: { says: "does not speak https", hint: plainHint, retryable: false },
  ENOTFOUND: {
    says: "has no address",
    hint: "Check the host's name, and the proxy variables.",
    retryable: false,
  },
  EAI_AGAIN: { says: "could not be looked up", hint: "Check the network's name server.", retryable: true },
  ECONNREFUSED: {
    says: "refused the connection",
    hint: "Check host and port, that it runs, and the proxy variables.",
    retryable: true,
  },
  ECONNRESET: { says: "reset the connection", hint: resetHint, retryable: true },
  EPIPE: { says: "closed the connection", hint: resetHint, retryable: true },
  ETIMEDOUT: { says: "did not answer in time", hint: waitHint, retryable: true },
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
  UND_ERR_SOCKET: { says: "closed the connection", hint: resetHint, retryable: true },
  UND_ERR_CONNECT_TIMEOUT: { says: "did not accept a connection in time", hint: waitHint, retryable: true },
  UND_ERR_HEADERS_TIMEOUT: { says: "did not answer in time", hint: waitHint, retryable: true },
  UND_ERR_BODY_TIMEOUT: { says: "stopped sending", hint: waitHint, retryable: true },
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: { says: "cut its answer short", hint: resetHint, retryable: true },
};

const tlsCode = /^(?:CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|ERR_TLS_|ERR_SSL_|EPROTO)/;

/** The {@link ConnectionError} of a failed attempt; what has no code is no connection's fault, and stays as it is. */
export function explainConnection(cause: unknown, request: HttpRequest): unknown {
  const code = codeOf(cause);
  if (code === "") return cause;
  const host = new URL(request.url).host;
  const { says, hint, retryable } = explanationOf(code);
  // OpenSSL ends its messages with a line break.
  const detail = cause instanceof Error ? `${code}: ${cause.message.trim()}` : String(cause);
  return new ConnectionError(`${request.place}: ${host} ${says} (${detail})`, {
    place: request.place,
    hint,
    cause,
    retryable,
  });
}

function explanationOf(code: string): Explanation {
  const known = explanations[code];
  if (known !== undefined) return known;
  if (tlsCode.test(code))
    return { says: "has a certificate that cannot be trusted", hint: tlsHint, retryable: false };
  // An answer that is not HTTP (Docker Hub's 429 once had bare line feeds) may be a proper one next time: lesson 23.
  if (code.startsWith("HPE_"))
    return { says: "answered with something that is not HTTP", hint: waitHint, retryable: true };
  return { says: "could not be asked", hint: "See the cause.", retryable: false };
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
