// spack-oci pull: installs packages from a buildcache.

import type { PullResult, SpecRequest } from "@spack-oci/buildcache";
import { SpackOciError } from "@spack-oci/errors";
import { leftOut, nextStepAfter, prepareUse, requireEnvScript } from "../after-pull/prepare-use.js";
import { defineCommand } from "../declaration/command.js";
import { flag, text } from "../declaration/parameter.js";
import { dryRunOption } from "../options/common.js";
import { INSTALL_TREE_OPTIONS } from "../options/install-tree.js";
import { MIRROR_ARGUMENT } from "../options/mirror.js";
import {
  allMachinesOptions,
  allOption,
  narrowedLine,
  SPECS_ARGUMENT,
  specRequest,
} from "../options/specs.js";
import { VERIFY_OPTIONS, verificationOf } from "../options/verification.js";
import { LINK_OPTION } from "../options/view.js";
import { statusOfAll } from "../process/exit-status.js";
import { failureLines, packageFailures } from "../render/failures.js";
import { describeFailures, failuresToJson, packageErrors, packageToJson } from "../render/packages.js";
import type { CommandResult } from "../render/result.js";
import { formatCount } from "../render/units.js";
import { describeView, viewErrors, viewToJson } from "../render/views.js";

export const pullCommand = defineCommand({
  name: "pull",
  summary: "Install packages from a buildcache, with their link and run dependencies.",
  examples: [
    { purpose: "Install zlib and its dependencies into Spack's store", line: "pull mochi zlib" },
    {
      purpose: "Install below a directory, without Spack",
      line: "pull oci://ghcr.io/me/cache zlib --root $HOME/software",
    },
  ],
  arguments: { mirror: MIRROR_ARGUMENT, specs: SPECS_ARGUMENT },
  options: {
    root: text("--root <dir>", "root of a separate install tree; default: Spack's own"),
    ...INSTALL_TREE_OPTIONS,
    all: allOption("packages in the mirror"),
    ...allMachinesOptions("choose from packages for all machines, not only those that this one can run"),
    force: flag("-f, --force", "reinstall named packages that are already installed"),
    view: text("--view <dir>", "also add the packages to the tree in this directory, like spack-oci view"),
    link: LINK_OPTION,
    // Not --env-file, which Node takes as its own wherever it stands.
    envScript: text(
      "--env-script <file>",
      "also write a file that sh, bash or zsh can source to use the packages",
    ),
    ...VERIFY_OPTIONS,
    dryRun: dryRunOption("what would be pulled"),
  },
  async run(args, context) {
    const { session, run } = context;
    if (args.link !== undefined && args.view === undefined) throw linkWithoutView();
    if (args.envScript !== undefined) await requireEnvScript(args.envScript);
    const { pull } = await import("@spack-oci/buildcache");
    const target = session.mirrors.open(args.mirror, "fetch", { verification: verificationOf(args) });
    const { root, paddedLength, projections, force, dryRun } = args;
    const machine = args.allarch || args.otherarch ? undefined : session.spack.machine;
    const destination = await session.stores.destination({ root, paddedLength, projections });
    const request = await specRequest(args.specs, session, args.all ? "all" : "environment");
    const result = await pull(
      target,
      { ...request, machine, force, dryRun, notes: session.cache },
      { store: destination, run },
    );
    const rendered = renderPull(result, request, dryRun);
    if (dryRun) return rendered;
    const use = rendered.status === 0 ? await prepareUse(result, args, context) : leftOut(args);
    const status = rendered.status === 0 ? statusOfAll(use.errors) : rendered.status;
    const next = context.columns === undefined || status !== 0 ? [] : [nextStepAfter(result, args, context)];
    return {
      json: { ...rendered.json, ...use.json },
      lines: [...rendered.lines, ...use.lines, ...next],
      status,
    };
  },
});

function linkWithoutView(): SpackOciError {
  return new SpackOciError("ERR_USAGE", "--link requires --view.", {
    kind: "usage",
    hint: "Add --view DIR.",
  });
}

interface RenderedPull extends CommandResult {
  readonly json: ReturnType<typeof toJson>;
}

export function renderPull(result: PullResult, request: SpecRequest, dryRun: boolean): RenderedPull {
  return {
    json: toJson(result),
    lines: [...toLines(result, dryRun), ...describeScope(result, request)],
    status: statusOfAll([...packageErrors(result.packages), ...viewErrors(result.views)]),
  };
}

/** An environment without specs means its packages, not the mirror's. */
function describeScope({ plan, available }: PullResult, request: SpecRequest): readonly string[] {
  if (request.specs.length > 0) return [];
  const count = plan.todo.length + plan.present.length;
  return narrowedLine(request, { count, total: available, of: "packages" }, "use --all for all");
}

function toJson({ plan, packages, moduleFiles, views }: PullResult) {
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
    views: views.map(viewToJson),
  };
}

function toLines({ plan, packages, moduleFiles, views }: PullResult, dryRun: boolean): string[] {
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
    ...failureLines(packageFailures(packages)),
    `Pulled ${pulled.length} of ${formatCount(plan.todo.length + plan.missing.length, "package")}; ${present} already present${describeFailures(packages)}.`,
    ...views.flatMap((view) => describeView(view) ?? []),
  ];
}
