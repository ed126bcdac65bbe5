// Options of a copy, and what the copies of one run share.

import type { Descriptor } from "../content/descriptor.js";
import type { FetchedManifest } from "../storage/fetch-manifest.js";
import type { PushOutcome, Target, TransferOptions } from "../storage/target.js";
import type { KnownContent } from "./known-content.js";

/** Options of a copy. */
export interface CopyOptions extends TransferOptions {
  /** The tag of the copy; without one, it can only be found by its digest. */
  readonly tag?: string | undefined;
  /** How many blobs to copy at once; 4 if left out. */
  readonly concurrency?: number;
  /** What the target is known to have, which is not checked again; what is copied is added. Share it within a run. */
  readonly known?: KnownContent | undefined;
  /** All tags of the source, if known: they show without a request which manifests have referrers. */
  readonly sourceTags?: ReadonlySet<string> | undefined;
  /** Called with the image's manifest before anything of it is copied; throws to reject the image. */
  readonly approve?: ((fetched: FetchedManifest) => Promise<void>) | undefined;
  /** Called for each blob and manifest once the target has it. */
  readonly onCopied?: ((descriptor: Descriptor, outcome: PushOutcome) => void) | undefined;
}

/** A copy in progress. */
export interface Copy {
  readonly from: Target;
  readonly to: Target;
  /** Limits how many blobs are copied at once. Only blobs count, and they wait for nothing else. */
  readonly limit: <T>(task: () => Promise<T>) => Promise<T>;
  readonly known: KnownContent;
  readonly options: CopyOptions;
}
