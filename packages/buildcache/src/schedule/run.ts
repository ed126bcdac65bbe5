// Defines what every verb needs besides its request: a scheduler, a listener and a signal.

import type { TagLister } from "@spack-oci/oci-client";
import type { Listener, PackageName } from "../events/events.js";
import type { VerifiedTarget } from "../trust/image-verifier.js";
import type { Scheduler } from "./scheduler.js";

/**
 * A target that holds packages: a repository in a registry, an image layout, or memory. With a verifier, packages are
 * only used if they are signed.
 */
export type Buildcache = VerifiedTarget & TagLister;

/** What an index lists. */
export interface ListedPackages {
  /** Of the image of the index. */
  readonly digest: string;
  readonly packages: readonly PackageName[];
}

/** One run of a verb. */
export interface Run {
  readonly scheduler: Scheduler;
  /** Receives events while the verb works. */
  readonly listener?: Listener | undefined;
  /** Interrupts the verb; everything that is complete stays. */
  readonly signal?: AbortSignal | undefined;
  /** Keeps the names of what a buildcache has, for completion; must not throw. */
  readonly keepNames?: ((buildcache: string, index: ListedPackages) => void) | undefined;
  /** The parent of temporary files, such as layers being packed; the system's temporary directory by default. */
  readonly scratch?: string | undefined;
}

/** What every verb takes after the buildcache and the request. */
export interface VerbContext {
  readonly run: Run;
}
