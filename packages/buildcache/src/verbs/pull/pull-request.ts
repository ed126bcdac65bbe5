// What a pull is asked for.

import type { ContentCache } from "@spack-oci/oci-client";
import type { SpecRequest } from "../../catalog/spec-request.js";

export interface PullRequest extends SpecRequest {
  /** Install the named packages again where they are there. */
  readonly force?: boolean | undefined;
  /** Plan, and stop. */
  readonly dryRun?: boolean | undefined;
  /** Where it is noted which layers packages came in, so that pushing them again sends these; nowhere without. */
  readonly notes?: ContentCache | undefined;
}
