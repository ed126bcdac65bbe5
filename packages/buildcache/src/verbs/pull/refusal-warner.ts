// Warns once per pull of what a file system does not keep, however many files it concerns.

import type { OnRefusal } from "@spack-oci/spack-tarball";
import type { Listener } from "../../events/events.js";

const KEPT = { time: "modification times", mode: "permissions" } as const;

/** @param place the directory that the packages are installed in */
export function refusalWarner(listener: Listener | undefined, place: string): OnRefusal {
  const warned = new Set<string>();
  return ({ attribute, cause }) => {
    if (warned.has(attribute)) return;
    warned.add(attribute);
    const reason = cause.code ?? cause.message;
    const message = `The file system does not let this program set ${KEPT[attribute]} (${reason}). Packages are installed without them.`;
    listener?.({ type: "warning", message, place });
  };
}
