// spack-oci repair: relocates misplaced packages to a buildcache's install tree.

import type { RepairResult } from "@spack-oci/buildcache";
import { defineCommand } from "../declaration/command.js";
import { choice, withDefault } from "../declaration/parameter.js";
import { dryRunOption } from "../options/common.js";
import { relocationOf, relocationOptions } from "../options/install-tree.js";
import { MIRROR_ARGUMENT } from "../options/mirror.js";
import { SIGN_OPTIONS, signerOfOptions } from "../options/signing.js";
import { SPECS_ARGUMENT } from "../options/specs.js";
import { VERIFY_OPTIONS, verificationOf } from "../options/verification.js";
import { statusOfAll } from "../process/exit-status.js";
import { sourceDate } from "../process/source-date.js";
import { renderError } from "../render/error.js";
import { failureLines, packageFailures } from "../render/failures.js";
import { findingLines, statusOfFindings } from "../render/findings.js";
import { installTreeToJson } from "../render/install-tree.js";
import { errorToJson } from "../render/json.js";
import {
  describeFailures,
  failuresToJson,
  packageErrors,
  packageToJson,
  plannedToJson,
} from "../render/packages.js";
import type { CommandResult } from "../render/result.js";
import { formatCount } from "../render/units.js";

export const repairCommand = defineCommand({
  name: "repair",
  summary: "Relocate misplaced packages to the install tree of a buildcache.",
  examples: [
    { purpose: "Show what would be relocated", line: "repair mochi --dry-run" },
    { purpose: "Relocate zlib, and drop the image it replaces", line: "repair mochi zlib --originals drop" },
  ],
  arguments: { mirror: MIRROR_ARGUMENT, specs: SPECS_ARGUMENT },
  options: {
    ...relocationOptions("root of the install tree, if the mirror does not have one yet"),
    originals: withDefault(
      choice(
        "--originals <what>",
        "keep replaced images under tags that end in .orig, drop them, or refuse to replace any",
        ["keep", "drop", "refuse"],
      ),
      "keep",
    ),
    ...SIGN_OPTIONS,
    ...VERIFY_OPTIONS,
    dryRun: dryRunOption("what would be repaired (scans all packages)"),
  },
  async run(args, context) {
    const { session, run } = context;
    const { repair } = await import("@spack-oci/buildcache");
    const { mirror, specs, originals, dryRun } = args;
    const relocateTo = relocationOf(args);
    const createdAt = sourceDate(session.environmentVariables);
    const signer = await signerOfOptions(args, context);
    const target = session.mirrors.open(mirror, "push", { verification: verificationOf(args) });
    const rememberedInstallTree = session.mirrors.rememberedInstallTree(target);
    const request = { specs, relocateTo, rememberedInstallTree, originals, dryRun, createdAt, signer };
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
      return { ...packageToJson(node), tag, from, to, isAstray: isMisplaced };
    }),
    right: plan.right.map(plannedToJson),
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
    const can = packages.some((hash) => blocked.has(hash)) ? "cannot" : "would";
    const move = isMisplaced
      ? `from ${from ?? "an unknown root"} to ${to}`
      : "with the new layers of its dependencies";
    return `${can} repair ${tag}, ${move}`;
  });
  return [...lines, ...unread.map(({ error }) => renderError(error)), ...plan.unread.flatMap(findingLines)];
}

function toLines({ plan, packages, images }: RepairResult): string[] {
  const kept = images.filter(({ original }) => original !== undefined).length;
  const originals = kept === 0 ? "" : `; kept ${formatCount(kept, "original")} under tags that end in .orig`;
  return [
    ...plan.unread.flatMap(findingLines),
    ...failureLines(packageFailures(packages)),
    `Repaired ${images.length} of ${formatCount(plan.todo.length, "image")}; ${plan.right.length} already correct${originals}${describeFailures(packages)}.`,
  ];
}

function statusFor({ plan, packages, unread, unrelocatable }: RepairResult): number {
  const blocked = unrelocatable === undefined ? [] : [unrelocatable];
  const errors = [...blocked, ...packageErrors(packages), ...unread.map(({ error }) => error)];
  return statusOfAll(errors) || statusOfFindings(plan.unread);
}
