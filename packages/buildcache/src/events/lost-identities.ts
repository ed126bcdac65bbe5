// Warns of files of macOS whose signature by a developer is lost when they are relocated, as it is with Spack.

import { describePackage, type Listener, type PackageName } from "./events.js";
import { firstNames } from "./first-names.js";

const MAX_SHOWN = 3;

/** @param files below the package's prefix; with none there is no warning */
export function warnOfLostIdentities(
  listener: Listener | undefined,
  node: PackageName,
  files: readonly string[],
): void {
  if (files.length === 0) return;
  const place = describePackage(node);
  const message = `Relocation changed files of ${place} that were signed with an identity: ${firstNames(files, MAX_SHOWN)}. They are signed ad hoc now.`;
  listener?.({ type: "warning", message, place });
}
