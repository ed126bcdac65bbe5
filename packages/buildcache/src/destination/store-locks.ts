// The locks that a verb takes on a store it writes, and the warning if other processes do not respect them.

import { type FileLocks, loadFileLocks } from "@spack-oci/spack-store";
import type { Run } from "../schedule/run.js";

/** @param enabled false if locks between processes are disabled (`config:locks`) */
export function storeLocks({ listener }: Run, enabled = true): Promise<FileLocks> {
  return loadFileLocks(({ reason }) => {
    const message = `Writing to the store without locks that Spack honors: ${reason}`;
    listener?.({ type: "warning", message });
  }, enabled);
}
