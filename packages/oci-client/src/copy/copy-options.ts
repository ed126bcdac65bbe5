// How copies go, and what those of one run share.
import type { Descriptor } from "../content/descriptor.js";
import type { Digest } from "../content/digest.js";
import type { PushOutcome, Target, TransferOptions } from "../target/target.js";

/** Options of a copy. */
export interface CopyOptions extends TransferOptions {
  /** Puts the copy under this tag; else it is there by its digest alone. */
  readonly tag?: string | undefined;
  /** How many blobs are copied at once; 4 when left out. */
  readonly concurrency?: number;
  /**
   * Digests that the target is known to hold, with all that they refer to: they are not asked for again. What is copied
   * is added, so that copies of one run share it.
   */
  readonly known?: Set<Digest> | undefined;
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
  readonly known: Set<Digest>;
  readonly options: CopyOptions;
}
