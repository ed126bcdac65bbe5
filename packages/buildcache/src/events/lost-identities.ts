// Warns of files of macOS whose signature by a developer is lost when they are relocated, as it is with Spack.

import { describePackage, type Listener, type PackageName } from "./events.js";
import { firstNames } from "./first-names.js";

const MAX_SHOWN = 3;

/** Files of several packages that lose their identity while a view is made. */
export class LostIdentities {
  readonly #files = new Map<PackageName, string[]>();

  /** @param file below the view */
  readonly add = (node: PackageName, file: string): void => {
    const files = this.#files.get(node);
    if (files === undefined) this.#files.set(node, [file]);
    else files.push(file);
  };

  /** Warns once for each package. */
  warn(listener: Listener | undefined): void {
    for (const [node, files] of this.#files) warnOfLostIdentities(listener, node, files);
  }
}

/** @param files below the package's prefix or its view; with none there is no warning */
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
