// spack-oci list: what a buildcache holds.

import { list } from "@spack-oci/buildcache";
import { exitStatus } from "../exit-status.js";
import { packageToJson } from "../output/results.js";
import type { CommandContext, CommandResult } from "./command-context.js";

export interface ListArguments {
  readonly mirror: string;
  readonly specs: readonly string[];
  /** Print seven characters of each hash. */
  readonly long?: boolean | undefined;
  /** Print whole hashes. */
  readonly veryLong?: boolean | undefined;
}

const SHORT_HASH = 7;

export async function listCommand(args: ListArguments, context: CommandContext): Promise<CommandResult> {
  const target = context.openMirror(args.mirror);
  const nodes = await list(target, context.scheduler, args.specs, context);
  const hash = (full: string) =>
    args.veryLong === true ? `${full} ` : args.long === true ? `${full.slice(0, SHORT_HASH)} ` : "";
  return {
    json: { packages: nodes.map(packageToJson) },
    lines: nodes.map((node) => `${hash(node.hash)}${node.name}@${node.version}`),
    status: exitStatus.done,
  };
}
