// Limits the memory that the names of members take: those of a layer's directories and links are kept until its end,
// and all names of layers that are merged.

import { SpackOciError } from "@spack-oci/errors";
import { MAX_KEPT_NAMES, NAME_OVERHEAD } from "../tar/limits.js";

/** In bytes. */
export interface NameLimits {
  readonly limit: number;
  /** What a name takes in memory beyond its own. */
  readonly overhead: number;
}

export class KeptNames {
  readonly #limits: NameLimits;
  #length = 0;

  constructor(limits: NameLimits = { limit: MAX_KEPT_NAMES, overhead: NAME_OVERHEAD }) {
    this.#limits = limits;
  }

  /** @throws SpackOciError `ERR_TAR_MALFORMED` if there are too many */
  add(name: string): void {
    this.#length += name.length + this.#limits.overhead;
    if (this.#length > this.#limits.limit) {
      throw new SpackOciError("ERR_TAR_MALFORMED", "The layer has more names than fit in memory.", {
        kind: "corrupt",
        place: name.slice(0, 200),
      });
    }
  }
}
