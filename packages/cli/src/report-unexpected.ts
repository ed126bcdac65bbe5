// Reports what is thrown where nobody waits for it, in the words of every other error.

import type { Console } from "./process/console.js";
import { EXIT_STATUS, statusOf } from "./process/exit-status.js";
import { isInterruption } from "./process/uncaught-error.js";
import { renderFinalError, renderStack } from "./render/error.js";
import { wrapMessage } from "./render/wrap-message.js";

/** @returns the exit status */
export async function reportUnexpected(
  thrown: unknown,
  { signal, stderr, environment }: Pick<Console, "signal" | "stderr" | "environment">,
): Promise<number> {
  if (isInterruption(signal)) return EXIT_STATUS.interrupted;
  // Loaded on demand: almost no run needs it.
  const { asSpackOciError } = await import("@spack-oci/buildcache");
  const error = asSpackOciError(thrown);
  const text = wrapMessage(`spack-oci: ${renderFinalError(error)}`, stderr);
  stderr.write(`${text}\n${renderStack(error, environment)}`);
  return statusOf(error.kind);
}
