// How copies go, and what those of one run share.
import type { Descriptor } from "../content/descriptor.js";
import type { PushOutcome, Target, TransferOptions } from "../storage/target.js";
import type { KnownContent } from "./known-content.js";

/** Options of a copy. */
export interface CopyOptions extends TransferOptions {
  /** Puts the copy under this tag; else it is there by its digest alone. */
  readonly tag?: string | undefined;
  /** How many blobs are copied at once; 4 when left out. */
  readonly concurrency?: number;
  /** What the target is known to hold and is not asked for again; what is copied is added. Share it within a run. */
  readonly known?: KnownContent | undefined;
  /** All tags of the source, where they are known: they tell without a question which manifests have referrers. */
  readonly sourceTags?: ReadonlySet<string> | undefined;
  /** Told of each blob and manifest when it is there. */
  readonly onCopied?: ((descriptor: Descriptor, outcome: PushOutcome) => void) | undefined;
}

/** A copy under way. */
export interface Copy {
  readonly from: Target;
  readonly to: Target;
  /** Runs the copying of a blob, at most so many at once; only blobs take places, and blobs wait for nothing. */
  readonly limit: <T>(task: () => Promise<T>) => Promise<T>;
  readonly known: KnownContent;
  readonly options: CopyOptions;
}
