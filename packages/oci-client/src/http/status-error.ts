// Turns an unwelcome status into an error that keeps its kind: an error is never turned into "not found".
import { type ErrorKind, SpackOciError } from "@spack-oci/errors";
import { errorCodes, errorText } from "./error-body.js";
import type { HttpRequest, HttpResponse } from "./http.js";
import { isSecondaryRateLimit } from "./pressure.js";

/** Where and what, for the message of a status error. */
export type Asked = Pick<HttpRequest, "method" | "place">;

/** An answer that was not the expected one; `status` and the registry's own error codes are kept. */
export class StatusError extends SpackOciError {
  readonly status: number;
  /** Codes of the distribution specification, e.g. `MANIFEST_UNKNOWN`, `BLOB_UNKNOWN`. */
  readonly registryCodes: readonly string[];
  /** The body, for those who find more in it than its codes; never printed. */
  readonly body: string;

  constructor(code: string, message: string, details: StatusErrorDetails) {
    super(code, message, { kind: details.kind, place: details.place, hint: details.hint });
    this.status = details.status;
    this.registryCodes = details.registryCodes;
    this.body = details.body;
  }
}

interface StatusErrorDetails {
  readonly kind: ErrorKind;
  readonly place: string;
  readonly hint: string;
  readonly status: number;
  readonly registryCodes: readonly string[];
  readonly body: string;
}

/** The error of an answer's status, with the registry's own explanation. */
export function statusError(response: HttpResponse, asked: Asked): StatusError {
  const body = response.body.toString("utf8");
  const registryCodes = errorCodes(body);
  const { code, kind, says, hint } = classify(
    response.status,
    body,
    registryCodes,
    response.identity ?? "anonymous",
  );
  const host = new URL(response.url).host;
  const explanation = errorText(body);
  const message = `${asked.place}: ${host} ${says} (${response.status} to ${asked.method}${explanation && `: ${explanation}`})`;
  return new StatusError(code, message, {
    kind,
    place: asked.place,
    hint,
    status: response.status,
    registryCodes,
    body,
  });
}

function classify(status: number, body: string, codes: readonly string[], identity: string) {
  if (codes.some((code) => code === "DIGEST_INVALID" || code === "SIZE_INVALID")) {
    return {
      code: "ERR_OCI_CORRUPT",
      kind: "corrupt" as const,
      says: "got other bytes than their digest promises",
      hint: "Try again; if it stays, the content changed after its digest was taken.",
    };
  }
  if (status === 429 || isSecondaryRateLimit(status, body)) {
    return {
      code: "ERR_OCI_RATE_LIMITED",
      kind: "rate-limited" as const,
      says: "asks for fewer requests",
      hint: `Wait, lower the number of connections, or log in if this was made as anonymous (it was made as ${identity}).`,
    };
  }
  if (status === 404) {
    return {
      code: "ERR_OCI_NOT_FOUND",
      kind: "not-found" as const,
      says: "does not have it",
      hint: "Check the name; some registries also hide what the credentials do not allow to see.",
    };
  }
  if (status === 401 || status === 403) {
    return {
      code: "ERR_OCI_DENIED",
      kind: "denied" as const,
      says: "refused",
      hint: `The request was made as ${identity}. Log in with a credential that is allowed to do this.`,
    };
  }
  if (status >= 500 || status === 408) {
    return {
      code: "ERR_OCI_UNREACHABLE",
      kind: "unreachable" as const,
      says: "failed",
      hint: "Try again later; the trouble is on the registry's side.",
    };
  }
  if (status === 405 || status === 501) {
    return {
      code: "ERR_OCI_UNSUPPORTED",
      kind: "unsupported" as const,
      says: "does not support this",
      hint: "Use the registry's own interface for it.",
    };
  }
  return {
    code: "ERR_OCI_STATUS",
    kind: "failed" as const,
    says: "answered unexpectedly",
    hint: "Check that the host is an OCI registry and that it accepts this repository name.",
  };
}
