// How a copy goes, where the defaults do not fit.

import type { ConfirmDeletion } from "../../deletion/require-deletion.js";
import type { Listener } from "../../events/events.js";

export interface CopyMirrorOptions {
  /** Take only what was named, or only what that needs; both by default. */
  readonly only?: "package" | "dependencies" | undefined;
  /** Take along the build dependencies that the source has, as a push does; true by default. */
  readonly withBuildDependencies?: boolean | undefined;
  /** Compare the digest of every tag, and look for new referrers, rather than believe package tags. */
  readonly verify?: boolean | undefined;
  /** Remove what no source has. Only for whole mirrors. */
  readonly delete?: boolean | undefined;
  /** Asked before anything is removed, with the tags; without it nothing may be. */
  readonly confirmDeletion?: ConfirmDeletion | undefined;
  /** Plan, and stop. */
  readonly dryRun?: boolean | undefined;
  readonly listener?: Listener | undefined;
  readonly signal?: AbortSignal | undefined;
}
