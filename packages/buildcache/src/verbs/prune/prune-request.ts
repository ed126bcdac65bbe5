// Defines what a prune keeps, and how it proceeds.

import type { RequestedEnvironment } from "../../catalog/spec-request.js";
import type { ConfirmDeletion } from "../../deletion/require-deletion.js";
import type { ImageSigner } from "../../trust/image-signer.js";

/** What to keep. The conditions add up, and kept packages keep their link and run dependencies. */
export interface PruneRequest {
  /** Environments whose roots are kept. */
  readonly environments: readonly RequestedEnvironment[];
  /** Specs to keep, with everything that matches them; undefined if there is no list. */
  readonly keep?: readonly string[] | undefined;
  /** Keeps packages that were packed later than this, and those without a time. */
  readonly olderThan?: Date | undefined;
  /** Also keeps the build dependencies of kept packages. */
  readonly keepBuild?: boolean | undefined;
  /** Plans, and stops. */
  readonly dryRun?: boolean | undefined;
  /** Signs the package index. */
  readonly signer?: ImageSigner | undefined;
  /** Called with the tags before anything changes; if undefined, nothing may be deleted. */
  readonly confirm?: ConfirmDeletion | undefined;
}
