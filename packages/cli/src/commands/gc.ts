// spack-oci gc: removes packages that nothing needs from a store, like `spack gc`.

import type { GcResult } from "@spack-oci/buildcache";
import { defineCommand } from "../declaration/command.js";
import { flag, remainingArguments, repeated } from "../declaration/parameter.js";
import { dryRunOption } from "../options/common.js";
import { installRootOption } from "../options/install-tree.js";
import { confirmUninstall, REMOVAL_CONSENT_OPTIONS } from "../options/removal.js";
import { statusOfAll } from "../process/exit-status.js";
import { removalLines, removalToJson } from "../render/removal.js";
import type { CommandResult } from "../render/result.js";

const RULES = `\
A package is needed if a user asked for it, or if a needed package links or
runs with it. In an environment, only its packages are removed, and its roots
are what is needed.`;

export const gcCommand = defineCommand({
  name: "gc",
  summary: "Remove installed packages that nothing needs.",
  examples: [
    { purpose: "See what would be removed", line: "gc --dry-run" },
    { purpose: "Clean a root of your own without being asked", line: "gc --root $HOME/software -y" },
  ],
  arguments: { specs: remainingArguments("spec", "remove only unused packages that match; default: all") },
  options: {
    root: installRootOption("clean"),
    exceptAnyEnvironment: flag(
      "-E, --except-any-environment",
      "remove everything that no environment needs, even if a user asked for it",
    ),
    exceptEnvironment: repeated(
      "-e, --except-environment <env>",
      "remove everything that an environment, given by name or directory, does not need; repeatable",
    ),
    keepBuildDependencies: flag(
      "-b, --keep-build-dependencies",
      "keep build dependencies of needed packages",
    ),
    ...REMOVAL_CONSENT_OPTIONS,
    dryRun: dryRunOption("what would be removed"),
  },
  notes: RULES,
  async run({ specs, root, keepBuildDependencies, dryRun, ...args }, context) {
    const { gc } = await import("@spack-oci/buildcache");
    const { session, run } = context;
    const { destination } = await session.stores.installed(root);
    const environment = session.spack.lockedEnvironment;
    const { exceptAnyEnvironment, exceptEnvironment = [] } = args;
    const named = exceptEnvironment.map((name) => session.spack.instance.lockedEnvironment(name));
    const any = exceptAnyEnvironment
      ? [...session.spack.instance.managedEnvironments, ...(environment === undefined ? [] : [environment])]
      : [];
    const exceptEnvironments = exceptAnyEnvironment || named.length > 0 ? [...any, ...named] : undefined;
    const confirm = confirmUninstall(args, context);
    const request = { specs, keepBuildDependencies, exceptEnvironments, environment, dryRun, confirm };
    return renderGc(await gc(request, { store: destination, run }));
  },
});

export function renderGc(result: GcResult): CommandResult {
  return {
    json: removalToJson(result),
    lines: removalLines(result, "There are no unused packages."),
    status: statusOfAll(result.failed === undefined ? [] : [result.failed.error]),
  };
}
