// Limits the memory that the names of a layer's directories and links take: they are kept until its end.

import { SpackOciError } from "@spack-oci/errors";
import { MAX_KEPT_NAMES, NAME_OVERHEAD } from "../tar/limits.js";

export class KeptNames {
  #length = 0;

  /** @throws SpackOciError `ERR_TAR_MALFORMED` if the layer has too many */
  add(name: string): void {
    this.#length += name.length + NAME_OVERHEAD;
    if (this.#length > MAX_KEPT_NAMES) {
      throw new SpackOciError("ERR_TAR_MALFORMED", "The layer has too many directories and links.", {
        kind: "corrupt",
        place: name,
      });
    }
  }
}
