// spack-oci repair: packages of a buildcache to where its canonical install tree has them.

import type { RepairResult } from "@spack-oci/buildcache";
import { defineCommand } from "../declaration/command.js";
import { choice, flag, withDefault } from "../declaration/parameter.js";
import { relocationOf, relocationOptions } from "../options/install-tree.js";
import { MIRROR_ARGUMENT } from "../options/mirror.js";
import { SPECS_ARGUMENT } from "../options/specs.js";
import { statusOfAll } from "../process/exit-status.js";
import { sourceDate } from "../process/source-date.js";
import { renderError } from "../render/error.js";
import { findingLines, statusOfFindings } from "../render/findings.js";
import { installTreeToJson } from "../render/install-tree.js";
import { errorToJson } from "../render/json.js";
import { describeFailures, failuresToJson, packageErrors, packageToJson } from "../render/packages.js";
import type { CommandResult } from "../render/result.js";

export const repairCommand = defineCommand({
  name: "repair",
  summary: "Put packages where a mirror's canonical install tree has them.",
  arguments: { mirror: MIRROR_ARGUMENT, specs: SPECS_ARGUMENT },
  options: {
    ...relocationOptions("the root of the install tree, where the mirror has none yet"),
    originals: withDefault(
      choice(
        "--originals <what>",
        "keep what is replaced under a tag that ends in .orig, drop it, or refuse to replace anything",
        ["keep", "drop", "refuse"],
      ),
      "keep",
    ),
    dryRun: flag("--dry-run", "look through everything, say what would be repaired, and stop"),
  },
  async run(args, { session, run }) {
    const { repair } = await import("@spack-oci/buildcache");
    const { mirror, specs, originals, dryRun } = args;
    const relocateTo = relocationOf(args);
    const createdAt = sourceDate(session.environmentVariables);
    const target = session.mirrors.open(mirror, "push");
    const rememberedInstallTree = session.mirrors.rememberedInstallTree(target);
    const request = { specs, relocateTo, rememberedInstallTree, originals, dryRun, createdAt };
    return renderRepair(await repair(target, request, { run }), dryRun);
  },
});

export function renderRepair(result: RepairResult, dryRun: boolean): CommandResult {
  return {
    json: toJson(result),
    lines: dryRun ? describePlan(result) : toLines(result),
    status: statusFor(result),
    shortensPadding: true,
  };
}

function toJson(result: RepairResult): unknown {
  const { plan, packages, images, unread } = result;
  return {
    ...installTreeToJson(result),
    planned: plan.todo.map(({ tag, node, from = null, to, isMisplaced }) => {
      return { ...packageToJson(node), tag, from, to, isMisplaced };
    }),
    right: plan.right.map(({ tag, node }) => ({ ...packageToJson(node), tag })),
    repaired: images.map(({ original = null, ...image }) => ({ ...image, original })),
    ...failuresToJson(packages),
    unread: [
      ...plan.unread,
      ...unread.map(({ item, error }) => ({ tag: item.tag, error: errorToJson(error) })),
    ],
  };
}

function describePlan(result: RepairResult): string[] {
  const { plan, unread, unrelocatable } = result;
  const blocked = new Set([
    ...(unrelocatable?.packages ?? []).map((each) => each.package.hash),
    ...unread.map(({ item }) => item.node.hash),
  ]);
  const lines = plan.todo.map(({ tag, from, to, isMisplaced, packages }) => {
    const can = packages.some((hash) => blocked.has(hash)) ? "could not" : "would";
    const move = isMisplaced
      ? `from ${from ?? "somewhere"} to ${to}`
      : "with the layers of what it runs with";
    return `${can} repair ${tag}, ${move}`;
  });
  return [...lines, ...unread.map(({ error }) => renderError(error)), ...plan.unread.flatMap(findingLines)];
}

function toLines({ plan, packages, images }: RepairResult): string[] {
  const kept = images.filter(({ original }) => original !== undefined).length;
  const originals = kept === 0 ? "" : `, and what ${kept} were is under tags that end in .orig`;
  return [
    ...plan.unread.flatMap(findingLines),
    `Repaired ${images.length} of ${plan.todo.length} images; ${plan.right.length} were right${originals}${describeFailures(packages)}.`,
  ];
}

function statusFor({ plan, packages, unread, unrelocatable }: RepairResult): number {
  const blocked = unrelocatable === undefined ? [] : [unrelocatable];
  const errors = [...blocked, ...packageErrors(packages), ...unread.map(({ error }) => error)];
  return statusOfAll(errors.map(({ kind }) => kind)) || statusOfFindings(plan.unread);
}
