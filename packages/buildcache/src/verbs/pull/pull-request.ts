// Defines what a pull is asked to do.

import type { ContentCache } from "@spack-oci/oci-client";
import type { SpecRequest } from "../../catalog/spec-request.js";

export interface PullRequest extends SpecRequest {
  /** Reinstalls the named packages if they are installed. */
  readonly force?: boolean | undefined;
  /** Plans, and stops. */
  readonly dryRun?: boolean | undefined;
  /**
   * Records which layers packages came from, so that a later push can reuse these; if undefined, nothing is recorded.
   */
  readonly notes?: ContentCache | undefined;
}
