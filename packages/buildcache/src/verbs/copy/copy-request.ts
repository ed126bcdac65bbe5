// What a copy is asked for.

import type { WantedOptions } from "../../catalog/package-sets.js";
import type { SpecRequest } from "../../catalog/spec-request.js";
import type { ConfirmDeletion } from "../../deletion/require-deletion.js";
import type { Buildcache } from "../../schedule/run.js";
import type { ImageDefaults } from "../../sources/buildcache-sink.js";
import type { DirectoryFiles } from "../../sources/v3-mirror/directory-files.js";
import type { MirrorFiles } from "../../sources/v3-mirror/mirror-files.js";

/** What is copied from: a buildcache, or a Spack v3 mirror in a directory or on a web server. */
export type CopySourceMirror = Buildcache | MirrorFiles;

/** What is copied to: a buildcache, or a Spack v3 mirror in a directory. */
type CopyDestinationMirror = Buildcache | DirectoryFiles;

export interface CopyRequest extends SpecRequest, WantedOptions, ImageDefaults {
  readonly to: readonly CopyDestinationMirror[];
  /** Compare the digest of every tag, and look for new referrers, rather than trust package tags. */
  readonly verify?: boolean | undefined;
  /** Delete what no source has; only for whole buildcaches. */
  readonly delete?: boolean | undefined;
  /** Asked before anything is deleted, with the tags; without it nothing is deleted. */
  readonly confirmDeletion?: ConfirmDeletion | undefined;
  /** Plan, and stop. */
  readonly dryRun?: boolean | undefined;
}

export function isV3Mirror<T extends MirrorFiles>(mirror: Buildcache | T): mirror is T {
  return "specManifests" in mirror;
}
