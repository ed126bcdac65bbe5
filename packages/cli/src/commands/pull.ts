// spack-oci pull: from a buildcache into an install tree.

import { type PullResult, pull } from "@spack-oci/buildcache";
import { statusOfAll } from "../exit-status.js";
import { describeFailures, failuresToJson, packageToJson } from "../output/results.js";
import type { CommandContext, CommandResult } from "./command-context.js";
import { specRequest } from "./spec-request.js";

export interface PullArguments {
  readonly mirror: string;
  readonly specs: readonly string[];
  readonly root?: string | undefined;
  readonly paddedLength?: number | undefined;
  readonly projections?: ReadonlyMap<string, string> | undefined;
  readonly force?: boolean | undefined;
  readonly dryRun?: boolean | undefined;
}

export async function pullCommand(args: PullArguments, context: CommandContext): Promise<CommandResult> {
  const { session } = context;
  const target = session.openMirror(args.mirror, "fetch");
  const { root, paddedLength, projections } = args;
  const destination = await session.destination({ root, paddedLength, projections });
  const result = await pull(target, destination, context.scheduler, specRequest(args.specs, session), {
    force: args.force,
    dryRun: args.dryRun,
    notes: session.cache,
    listener: context.listener,
    signal: context.signal,
  });
  const failures = result.packages.flatMap((entry) => (entry.outcome === "failed" ? [entry.error.kind] : []));
  return {
    json: toJson(result),
    lines: toLines(result, args.dryRun === true),
    status: statusOfAll(failures),
  };
}

function toJson({ plan, packages }: PullResult) {
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
    ...failuresToJson(packages),
  };
}

function toLines({ plan, packages }: PullResult, dryRun: boolean): string[] {
  if (dryRun) {
    const missing = packages.flatMap((entry) => (entry.outcome === "failed" ? [entry.error.message] : []));
    return [...plan.todo.map((item) => `would pull ${item.tag} to ${item.prefix}`), ...missing];
  }
  const prefixes = new Map(plan.todo.map((item) => [item.node.hash, item.prefix]));
  const pulled = packages.filter((result) => result.outcome === "done");
  const present = plan.present.length + packages.filter((result) => result.outcome === "present").length;
  return [
    ...pulled.map((result) => `[+] ${prefixes.get(result.package.hash)}`),
    `Pulled ${pulled.length} of ${plan.todo.length + plan.missing.length} packages; ${present} were there already${describeFailures(packages)}.`,
  ];
}
