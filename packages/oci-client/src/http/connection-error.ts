// The error for a request without an answer: name resolution, refused and reset connections, timeouts, TLS.

import { SpackOciError } from "@spack-oci/errors";

/** No answer, or an incomplete one; kind `unreachable`, code `ERR_OCI_UNREACHABLE`. */
export class ConnectionError extends SpackOciError {
  /** Whether repeating the request may succeed. */
  readonly retryable: boolean;

  constructor(message: string, details: { place: string; hint: string; cause: unknown; retryable: boolean }) {
    super("ERR_OCI_UNREACHABLE", message, { kind: "unreachable", ...details });
    this.retryable = details.retryable;
  }
}
