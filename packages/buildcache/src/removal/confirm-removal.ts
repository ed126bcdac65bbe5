// Asks the user before installed packages are removed.

import { SpackOciError } from "@spack-oci/errors";
import type { InstallRecord, Store } from "@spack-oci/spack-store";
import { describePackage, type PackageName } from "../events/events.js";

/** Asks whether packages may be removed. */
export type ConfirmRemoval = (packages: readonly PackageName[]) => Promise<boolean>;

/** @throws SpackOciError `ERR_REMOVAL_UNCONFIRMED` (`usage`) if there is no way to ask */
export async function confirmRemoval(
  { root }: Store,
  records: readonly InstallRecord[],
  confirm: ConfirmRemoval | undefined,
): Promise<boolean> {
  const packages = records.map(({ spec }) => spec);
  if (confirm !== undefined) return confirm(packages);
  const names = packages.map(describePackage);
  throw new SpackOciError(
    "ERR_REMOVAL_UNCONFIRMED",
    `${names.length} packages would be uninstalled:\n${names.join("\n")}`,
    {
      kind: "usage",
      place: root,
      hint: `Add "--yes" to uninstall them, or "--dry-run" to preview; there is no terminal to confirm on.`,
    },
  );
}
