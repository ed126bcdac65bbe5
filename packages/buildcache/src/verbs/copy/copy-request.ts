// Defines what a copy is asked to do.

import type { WantedOptions } from "../../catalog/package-sets.js";
import type { SpecRequest } from "../../catalog/spec-request.js";
import type { ConfirmDeletion } from "../../deletion/require-deletion.js";
import type { Buildcache } from "../../schedule/run.js";
import type { ImageDefaults } from "../../sources/buildcache-sink.js";
import type { SigningKey } from "../../sources/gpg/clearsign.js";
import type { VerificationRequest } from "../../sources/gpg/verify-clearsigned.js";
import type { DirectoryFiles } from "../../sources/v3-mirror/directory-files.js";
import type { MirrorFiles } from "../../sources/v3-mirror/mirror-files.js";

/** A source: a buildcache, or a Spack v3 mirror in a directory or on a web server. */
export type CopySourceMirror = Buildcache | MirrorFiles;

/** A destination: a buildcache, or a Spack v3 mirror in a directory. */
type CopyDestinationMirror = Buildcache | DirectoryFiles;

export interface CopyRequest extends SpecRequest, WantedOptions, ImageDefaults {
  readonly to: readonly CopyDestinationMirror[];
  /** Compares the digest of every tag, and looks for new referrers, instead of trusting package tags. */
  readonly verify?: boolean | undefined;
  /** Deletes tags that no source has; only for copies of whole buildcaches. */
  readonly delete?: boolean | undefined;
  /** Called with the tags before anything is deleted; if undefined, nothing is deleted. */
  readonly confirmDeletion?: ConfirmDeletion | undefined;
  /** Verifies the signatures in a v3 mirror that is copied from; they are ignored if undefined. */
  readonly verifySignatures?: VerificationRequest | undefined;
  /** Signs what is written to a v3 mirror. */
  readonly signWith?: SigningKey | undefined;
  /** Plans, and stops. */
  readonly dryRun?: boolean | undefined;
}

/** Whether a source or a destination is a Spack v3 mirror rather than a buildcache. */
export function isV3Mirror<T extends MirrorFiles>(mirror: Buildcache | T): mirror is T {
  return "specManifests" in mirror;
}

export function isBuildcache(mirror: Buildcache | MirrorFiles): mirror is Buildcache {
  return !isV3Mirror(mirror);
}
