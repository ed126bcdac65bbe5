// The error of a request that got no answer: name resolution, refused and reset connections, time-outs, TLS.
import { SpackOciError } from "@spack-oci/errors";

/** No answer, or a cut one; kind `unreachable`, code `ERR_OCI_UNREACHABLE`. */
export class ConnectionError extends SpackOciError {
  /** Whether the same request may succeed when it is made again. */
  readonly retryable: boolean;

  constructor(message: string, details: { place: string; hint: string; cause: unknown; retryable: boolean }) {
    super("ERR_OCI_UNREACHABLE", message, { kind: "unreachable", ...details });
    this.retryable = details.retryable;
  }
}
