// Defines what a pull is asked to do.

import type { ContentCache } from "@spack-oci/oci-client";
import type { Machine } from "../../catalog/machine.js";
import type { SpecRequest } from "../../catalog/spec-request.js";

export interface PullRequest extends SpecRequest {
  /**
   * Chooses only what this machine can run; if undefined, packages are for any machine. An environment's packages are
   * for the machine that it was concretized for.
   */
  readonly machine?: Machine | undefined;
  /** Reinstalls the named packages if they are installed. */
  readonly force?: boolean | undefined;
  /** Plans, and stops. */
  readonly dryRun?: boolean | undefined;
  /**
   * Records which layers packages came from, so that a later push can reuse these; if undefined, nothing is recorded.
   */
  readonly notes?: ContentCache | undefined;
}
