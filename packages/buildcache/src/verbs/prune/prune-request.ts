// What a prune is to keep, and how it goes.

import type { RequestedEnvironment } from "../../catalog/spec-request.js";
import type { ConfirmDeletion } from "../../deletion/require-deletion.js";

/** What to keep; each adds to the others, and everything that is kept keeps what it links and runs with. */
export interface PruneRequest {
  /** Environments whose roots are kept. */
  readonly environments: readonly RequestedEnvironment[];
  /** Specs that are kept with all that match them; undefined where there is no list. */
  readonly keep?: readonly string[] | undefined;
  /** Packages that were packed later than this are kept, and those that do not say when they were. */
  readonly olderThan?: Date | undefined;
  /** Keep also what built the packages that are kept. */
  readonly keepBuild?: boolean | undefined;
  /** Plan, and stop. */
  readonly dryRun?: boolean | undefined;
  /** Asked before anything is changed, with the tags; without it nothing may be. */
  readonly confirm?: ConfirmDeletion | undefined;
}
