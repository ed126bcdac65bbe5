// Confirmation of removals from a store, by --yes or by the user at the terminal.

import type { PackageName } from "@spack-oci/buildcache";
import type { CommandContext } from "../declaration/command-context.js";
import { flag } from "../declaration/parameter.js";
import { formatPackage } from "../render/packages.js";
import { formatCount } from "../render/units.js";

/** Spack calls it `--yes-to-all`. */
export const REMOVAL_CONSENT_OPTIONS = {
  yes: flag("-y, --yes", "uninstall without asking for confirmation"),
  yesToAll: flag("--yes-to-all", "the same as --yes, as in Spack"),
};

/** @returns undefined if there is no terminal to ask on */
export function confirmUninstall(
  { yes, yesToAll }: { readonly yes: boolean; readonly yesToAll: boolean },
  { confirm }: Pick<CommandContext, "confirm">,
) {
  if (yes || yesToAll) return async () => true;
  if (confirm === undefined) return undefined;
  return (packages: readonly PackageName[]) =>
    confirm(
      `${packages.map(formatPackage).join("\n")}\nUninstall ${formatCount(packages.length, "package")}?`,
    );
}
