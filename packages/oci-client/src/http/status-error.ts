// Turns an unexpected status into an error of the right kind: no other error ever becomes "not found".

import { type ErrorKind, SpackOciError } from "@spack-oci/errors";
import { classify } from "./classify.js";
import { errorCodes, errorText } from "./error-body.js";
import type { HttpRequest, HttpResponse } from "./http.js";

/** The place and method, for the message of a status error. */
export type Asked = Pick<HttpRequest, "method" | "place">;

/** An unexpected answer, with its status and the registry's own error codes. */
export class StatusError extends SpackOciError {
  readonly status: number;
  /** Codes of the distribution specification, e.g. `MANIFEST_UNKNOWN`, `BLOB_UNKNOWN`. */
  readonly registryCodes: readonly string[];
  /** The body, for callers that need more than the codes; never printed. */
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

/** The error for an answer's status, with the registry's own explanation. */
export function statusError(response: HttpResponse, asked: Asked): StatusError {
  const body = response.body.toString("utf8");
  const registryCodes = errorCodes(body);
  const { code, kind, says, hint } = classify(response, body, registryCodes);
  const host = new URL(response.url).host;
  const explanation = errorText(body);
  const message = `${asked.place}: ${host} ${says} (${response.status} to ${asked.method}${explanation && `: ${explanation}`}).`;
  return new StatusError(code, message, {
    kind,
    place: asked.place,
    hint,
    status: response.status,
    registryCodes,
    body,
  });
}
