// spack-oci diff: in what two buildcaches differ.

import { type DiffResult, describePackage, diff, isSame } from "@spack-oci/buildcache";
import { exitStatus, statusOf } from "../exit-status.js";
import { packageToJson, tagErrorsToJson } from "../output/results.js";
import type { CommandContext, CommandResult } from "./command-context.js";

export interface DiffArguments {
  readonly a: string;
  readonly b: string;
}

export async function diffCommand(args: DiffArguments, context: CommandContext): Promise<CommandResult> {
  const { session, scheduler } = context;
  const open = (mirror: string) => session.openMirror(mirror, "fetch", { direct: true });
  const result = await diff(open(args.a), open(args.b), scheduler, context);
  return { json: toJson(result), lines: toLines(result, args), status: statusFor(result) };
}

function toJson({ index, unreadable, ...result }: DiffResult) {
  return {
    ...result,
    unreadable: tagErrorsToJson(unreadable),
    index: {
      onlyInA: index.onlyInA.map(packageToJson),
      onlyInB: index.onlyInB.map(packageToJson),
      different: index.different.map(packageToJson),
    },
  };
}

function toLines(result: DiffResult, { a, b }: DiffArguments): string[] {
  const { onlyInA, onlyInB, same, different, unreadable, index } = result;
  return [
    ...onlyInA.map((tag) => `only in ${a}: ${tag}`),
    ...onlyInB.map((tag) => `only in ${b}: ${tag}`),
    ...different.map(({ tag, parts }) => `different (${parts.join(", ")}): ${tag}`),
    ...unreadable.map(({ tag, error }) => `not compared: ${tag}: ${error.message}`),
    ...index.onlyInA.map((node) => `only in the index of ${a}: ${describePackage(node)}`),
    ...index.onlyInB.map((node) => `only in the index of ${b}: ${describePackage(node)}`),
    ...index.different.map((node) => `different in the indexes: ${describePackage(node)}`),
    `Tags in both: ${same.length} the same, ${different.length} different.`,
  ];
}

function statusFor(result: DiffResult): number {
  if (!isSame(result)) return exitStatus.different;
  return result.unreadable.length > 0 ? statusOf("unreachable") : exitStatus.done;
}
