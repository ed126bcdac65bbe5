// Counts the bytes of one attempt, so that they can be taken back if it fails.

import type { TransferOptions } from "../../storage/target.js";

/** A counter that passes on what it counts. */
export function countBytes(onBytes: TransferOptions["onBytes"]) {
  let counted = 0;
  return {
    onBytes: (count: number) => {
      counted += count;
      onBytes?.(count);
    },
    takeBack: () => {
      if (counted !== 0) onBytes?.(-counted);
    },
  };
}
