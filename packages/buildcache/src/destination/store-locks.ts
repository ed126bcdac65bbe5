// The locks that a verb takes on a store it writes, and the warnings if Spack does not see them.

import { type FileLocks, loadFileLocks } from "@spack-oci/spack-store";
import type { Run } from "../schedule/run.js";

const RISK =
  "Do not run Spack on this store until this command is done: Spack could remove packages that are being installed, and records of packages could be lost. This command waits only for other spack-oci processes that also lack the native code.";

/** @param enabled false if locks between processes are disabled (`config:locks`) */
export function storeLocks({ listener }: Run, enabled = true): Promise<FileLocks> {
  const warn = (message: string) => listener?.({ type: "warning", message });
  return loadFileLocks((event) => {
    if (event.type === "lock-held-elsewhere") {
      warn(`${event.holder} holds ${event.path}; if it is no longer running, remove that file.`);
    } else if (event.amongOurselves) {
      warn(`Writing to the store without the native code for Spack's locks (${event.reason}). ${RISK}`);
    } else {
      warn(`Writing to the store without locks that Spack honors: ${event.reason}`);
    }
  }, enabled);
}
