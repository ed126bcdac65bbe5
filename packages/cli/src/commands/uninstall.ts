// spack-oci uninstall: removes packages from a store like `spack uninstall`.

import type { UninstallResult } from "@spack-oci/buildcache";
import { defineCommand } from "../declaration/command.js";
import { flag, remainingArguments } from "../declaration/parameter.js";
import { dryRunOption } from "../options/common.js";
import { installRootOption } from "../options/install-tree.js";
import { confirmUninstall, REMOVAL_CONSENT_OPTIONS } from "../options/removal.js";
import { statusOfAll } from "../process/exit-status.js";
import { removalLines, removalToJson } from "../render/removal.js";
import type { CommandResult } from "../render/result.js";
import { describeView, viewErrors, viewToJson } from "../render/views.js";

const RULES = `\
A package stays if an installed package links or runs with it, or if an
environment refers to it; --dependents and --force change that. In an
environment, only its packages are uninstalled, and its views follow.`;

export const uninstallCommand = defineCommand({
  name: "uninstall",
  summary: "Remove installed packages.",
  examples: [
    { purpose: "Remove a package and everything that needs it", line: "uninstall --dependents hdf5" },
    {
      purpose: "Remove one of several builds from a root of your own",
      line: "uninstall /abc1234 --root $HOME/software",
    },
  ],
  arguments: { specs: remainingArguments("spec", "spec in Spack syntax (name, name@version, /hash, ...)") },
  options: {
    root: installRootOption("change"),
    all: flag("-a, --all", "all packages that match a spec; without specs, everything"),
    dependents: flag("-R, --dependents", "also packages that link or run with these"),
    force: flag("-f, --force", "even if packages or environments need them"),
    ...REMOVAL_CONSENT_OPTIONS,
    dryRun: dryRunOption("what would be uninstalled"),
  },
  notes: RULES,
  async run({ specs, root, all, dependents, force, dryRun, ...consent }, context) {
    const { uninstall } = await import("@spack-oci/buildcache");
    const { session, run } = context;
    const { destination, otherEnvironments } = await session.stores.installed(root);
    const environment = session.spack.lockedEnvironment;
    const confirm = confirmUninstall(consent, context);
    const request = { specs, all, dependents, force, dryRun, environment, otherEnvironments, confirm };
    return renderUninstall(await uninstall(request, { store: destination, run }));
  },
});

export function renderUninstall(result: UninstallResult): CommandResult {
  const { outcome, environments, views, failed } = result;
  const broken = outcome === "uninstalled" ? environments : [];
  return {
    json: { ...removalToJson(result), environments, views: views.map(viewToJson) },
    lines: [
      ...views.flatMap((view) => describeView(view) ?? []),
      ...broken.map(
        (name) => `Environment ${name} refers to packages that are gone; its views may be broken.`,
      ),
      ...removalLines(result, "There are no packages to uninstall."),
    ],
    status: statusOfAll([...(failed === undefined ? [] : [failed.error]), ...viewErrors(views)]),
  };
}
