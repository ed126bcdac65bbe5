// spack-oci list: what a buildcache holds, shown as `spack find` shows what is installed.

import { list, renderFind } from "@spack-oci/buildcache";
import { exitStatus } from "../exit-status.js";
import type { CommandContext, CommandResult } from "./command-context.js";
import { specRequest } from "./spec-request.js";

export interface ListArguments {
  readonly mirror: string;
  readonly specs: readonly string[];
  readonly long?: boolean;
  readonly veryLong?: boolean;
  readonly variants?: boolean;
  readonly namespaces?: boolean;
  readonly deps?: boolean;
  readonly format?: string;
  readonly json?: boolean;
}

export async function listCommand(args: ListArguments, context: CommandContext): Promise<CommandResult> {
  const { session, scheduler, color } = context;
  const target = session.openMirror(args.mirror, "fetch");
  const catalog = await list(target, scheduler, specRequest(args.specs, session), context);
  const text = renderFind(catalog, { ...args, style: { color } });
  return {
    json: args.json === true ? (JSON.parse(text) as unknown) : undefined,
    lines: text === "" ? [] : text.replace(/\n$/, "").split("\n"),
    status: exitStatus.done,
  };
}
