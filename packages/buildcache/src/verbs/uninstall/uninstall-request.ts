// What a user asks to uninstall.

import type { LockedEnvironment } from "@spack-oci/spack-config";
import type { ConfirmRemoval } from "../../removal/confirm-removal.js";

export interface UninstallRequest {
  /** As on a command line; with `all` and without specs, everything is removed. */
  readonly specs: readonly string[];
  /** Whether a spec may match several packages. */
  readonly all?: boolean | undefined;
  /** Whether to remove packages that need these at run time, too. */
  readonly dependents?: boolean | undefined;
  /** Whether to remove packages that other packages or environments need. */
  readonly force?: boolean | undefined;
  /** The active environment, to whose packages the specs are limited. */
  readonly environment?: LockedEnvironment | undefined;
  /** Environments whose packages are not removed. */
  readonly otherEnvironments?: readonly LockedEnvironment[] | undefined;
  readonly dryRun?: boolean | undefined;
  /** Undefined if there is no way to ask. */
  readonly confirm?: ConfirmRemoval | undefined;
}
