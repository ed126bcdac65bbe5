// spack-oci repair: packages of a buildcache to where its canonical install tree has them.

import { filterPadding, type OriginalsPolicy, type RepairResult, repair } from "@spack-oci/buildcache";
import { statusOfAll } from "../exit-status.js";
import { errorToJson } from "../output/json.js";
import { renderError } from "../output/render-error.js";
import { describeFailures, failuresToJson, packageToJson } from "../output/results.js";
import { sourceDate } from "../source-date.js";
import type { CommandContext, CommandResult } from "./command-context.js";
import { findingLines, statusOfFindings } from "./findings.js";
import { canonicalToJson, type RelocationArguments, relocationOf } from "./install-tree.js";

export interface RepairArguments extends RelocationArguments {
  readonly mirror: string;
  readonly specs: readonly string[];
  readonly originals?: OriginalsPolicy | undefined;
  readonly dryRun?: boolean | undefined;
}

export async function repairCommand(args: RepairArguments, context: CommandContext): Promise<CommandResult> {
  const { session, scheduler, listener, signal } = context;
  const { mirror, specs, originals, dryRun = false } = args;
  const relocateTo = relocationOf(args);
  const createdAt = sourceDate(session.environmentVariables);
  const target = session.openMirror(mirror, "push");
  const rememberedTree = session.rememberedTree(target);
  const options = { relocateTo, rememberedTree, originals, dryRun, createdAt, listener, signal };
  const result = await repair(target, scheduler, specs, options);
  return {
    json: toJson(result),
    lines: dryRun ? describePlan(result) : toLines(result),
    status: statusFor(result),
  };
}

function toJson(result: RepairResult): unknown {
  const { plan, packages, images, unread } = result;
  return {
    ...canonicalToJson(result),
    planned: plan.todo.map(({ tag, node, from = null, to, isAstray }) => {
      return { ...packageToJson(node), tag, from, to, isAstray };
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
  const lines = plan.todo.map(({ tag, from, to, isAstray, packages }) => {
    const can = packages.some((hash) => blocked.has(hash)) ? "could not" : "would";
    const move = isAstray ? `from ${from ?? "somewhere"} to ${to}` : "with the layers of what it runs with";
    return filterPadding(`${can} repair ${tag}, ${move}`);
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
  const failed = packages.flatMap((result) => (result.outcome === "failed" ? [result.error] : []));
  const blocked = unrelocatable === undefined ? [] : [unrelocatable];
  const errors = [...blocked, ...failed, ...unread.map(({ error }) => error)];
  return statusOfAll(errors.map(({ kind }) => kind)) || statusOfFindings(plan.unread);
}
