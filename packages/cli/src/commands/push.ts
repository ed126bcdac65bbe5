// spack-oci push: from an install tree into a buildcache.

import { openInstallTree, type PushResult, push } from "@spack-oci/buildcache";
import { SpackOciError } from "@spack-oci/errors";
import { statusOfAll } from "../exit-status.js";
import { renderError } from "../output/render-error.js";
import { describeFailures, failuresToJson, indexToJson, packageToJson } from "../output/results.js";
import type { CommandContext, CommandResult } from "./command-context.js";

export interface PushArguments {
  readonly mirror: string;
  readonly specs: readonly string[];
  readonly store?: string | undefined;
  readonly force?: boolean | undefined;
  readonly withBuildDependencies: boolean;
  readonly updateIndex?: boolean | undefined;
  readonly dryRun?: boolean | undefined;
}

export async function pushCommand(args: PushArguments, context: CommandContext): Promise<CommandResult> {
  const store = await openInstallTree(args.store ?? defaultStore(context.environment));
  const target = context.openMirror(args.mirror);
  const result = await push(store, target, context.scheduler, args.specs, {
    force: args.force,
    withBuildDependencies: args.withBuildDependencies,
    updateIndex: args.updateIndex,
    dryRun: args.dryRun,
    spackPrefix: context.environment["SPACK_ROOT"],
    createdAt: sourceDate(context.environment),
    listener: context.listener,
    signal: context.signal,
  });
  return { json: toJson(result), lines: toLines(result, args.dryRun === true), status: statusFor(result) };
}

function defaultStore(environment: NodeJS.ProcessEnv): string {
  const spackRoot = environment["SPACK_ROOT"];
  if (spackRoot !== undefined && spackRoot !== "") return `${spackRoot}/opt/spack`;
  throw new SpackOciError("ERR_NO_STORE", "No store was named.", {
    kind: "usage",
    hint: `Name the install tree with "--store DIR", or set SPACK_ROOT.`,
  });
}

/** The time for reproducible images (https://reproducible-builds.org/specs/source-date-epoch/). */
function sourceDate(environment: NodeJS.ProcessEnv): Date | undefined {
  const epoch = environment["SOURCE_DATE_EPOCH"];
  if (epoch === undefined || epoch === "") return undefined;
  if (/^\d{1,11}$/.test(epoch)) return new Date(Number(epoch) * 1000);
  throw new SpackOciError(
    "ERR_SOURCE_DATE_EPOCH",
    `SOURCE_DATE_EPOCH is "${epoch}", which is no number of seconds.`,
    {
      kind: "usage",
      place: "SOURCE_DATE_EPOCH",
      hint: "Set it to whole seconds since 1970, or unset it.",
    },
  );
}

function toJson({ plan, packages, index }: PushResult) {
  const pushed = packages.filter((result) => result.outcome === "done");
  return {
    planned: plan.todo.map((item) => ({ ...packageToJson(item.node), tag: item.tag })),
    pushed: pushed.map((result) => ({ ...packageToJson(result.package), bytes: result.bytes })),
    present: plan.present.map((item) => ({ ...packageToJson(item.node), tag: item.tag })),
    absent: plan.absent.map(packageToJson),
    ...failuresToJson(packages),
    ...(index === undefined ? {} : { index: indexToJson(index) }),
  };
}

function toLines({ plan, packages, index }: PushResult, dryRun: boolean): string[] {
  if (dryRun) return plan.todo.map((item) => `would push ${item.tag}`);
  const pushed = packages.filter((result) => result.outcome === "done").length;
  const there = `${plan.present.length} were there already`;
  const lines = [`Pushed ${pushed} of ${plan.todo.length} packages; ${there}${describeFailures(packages)}.`];
  if (index?.outcome === "failed") lines.push(`The index was not written: ${renderError(index.error)}`);
  return lines;
}

function statusFor({ packages, index }: PushResult): number {
  const errors = packages.flatMap((result) => (result.outcome === "failed" ? [result.error] : []));
  const ofIndex =
    index?.outcome === "failed" ? [index.error] : (index?.skipped.map((tag) => tag.error) ?? []);
  return statusOfAll([...errors, ...ofIndex].map((error) => error.kind));
}
