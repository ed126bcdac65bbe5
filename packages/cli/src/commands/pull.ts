// spack-oci pull: installs packages from a buildcache.

import type { PullResult } from "@spack-oci/buildcache";
import { defineCommand } from "../declaration/command.js";
import { flag, text } from "../declaration/parameter.js";
import { dryRunOption } from "../options/common.js";
import { INSTALL_TREE_OPTIONS } from "../options/install-tree.js";
import { MIRROR_ARGUMENT } from "../options/mirror.js";
import { SPECS_ARGUMENT, specRequest } from "../options/specs.js";
import { statusOfAll } from "../process/exit-status.js";
import { describeFailures, failuresToJson, packageErrors, packageToJson } from "../render/packages.js";
import type { CommandResult } from "../render/result.js";
import { formatCount } from "../render/units.js";

export const pullCommand = defineCommand({
  name: "pull",
  summary: "Install packages from a buildcache, with their link and run dependencies.",
  arguments: { mirror: MIRROR_ARGUMENT, specs: SPECS_ARGUMENT },
  options: {
    root: text("--root <dir>", "root of a separate install tree; default: Spack's own"),
    ...INSTALL_TREE_OPTIONS,
    force: flag("-f, --force", "reinstall named packages that are already installed"),
    dryRun: dryRunOption("what would be pulled"),
  },
  async run(args, { session, run }) {
    const { pull } = await import("@spack-oci/buildcache");
    const target = session.mirrors.open(args.mirror, "fetch");
    const { root, paddedLength, projections, force, dryRun } = args;
    const destination = await session.stores.destination({ root, paddedLength, projections });
    const result = await pull(
      target,
      { ...(await specRequest(args.specs, session)), force, dryRun, notes: session.cache },
      { store: destination, run },
    );
    return renderPull(result, dryRun);
  },
});

export function renderPull(result: PullResult, dryRun: boolean): CommandResult {
  return {
    json: toJson(result),
    lines: toLines(result, dryRun),
    status: statusOfAll(packageErrors(result.packages)),
  };
}

function toJson({ plan, packages, moduleFiles }: PullResult) {
  const prefixes = new Map(plan.todo.map((item) => [item.node.hash, item.prefix]));
  const pulled = packages.filter((result) => result.outcome === "done");
  return {
    planned: plan.todo.map((item) => ({ ...packageToJson(item.node), prefix: item.prefix })),
    pulled: pulled.map((result) => ({
      ...packageToJson(result.package),
      prefix: prefixes.get(result.package.hash),
      bytes: result.bytes,
    })),
    present: plan.present.map((item) => ({ ...packageToJson(item.node), prefix: item.prefix })),
    moduleFiles: moduleFiles.map((file) => ({
      ...packageToJson(file.package),
      set: file.set,
      system: file.system,
      path: file.path,
    })),
    ...failuresToJson(packages),
  };
}

function toLines({ plan, packages, moduleFiles }: PullResult, dryRun: boolean): string[] {
  if (dryRun) {
    const missing = packages.flatMap((entry) => (entry.outcome === "failed" ? [entry.error.message] : []));
    return [...plan.todo.map((item) => `would pull ${item.tag} to ${item.prefix}`), ...missing];
  }
  const prefixes = new Map(plan.todo.map((item) => [item.node.hash, item.prefix]));
  const pulled = packages.filter((result) => result.outcome === "done");
  const present = plan.present.length + packages.filter((result) => result.outcome === "present").length;
  return [
    ...pulled.map((result) => `[+] ${prefixes.get(result.package.hash)}`),
    ...(moduleFiles.length > 0 ? [`Wrote ${formatCount(moduleFiles.length, "module file")}.`] : []),
    `Pulled ${pulled.length} of ${formatCount(plan.todo.length + plan.missing.length, "package")}; ${present} already present${describeFailures(packages)}.`,
  ];
}
