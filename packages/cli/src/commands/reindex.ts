// spack-oci reindex: makes a store's database agree with its prefixes.

import { describePackage, type PackageName, reindex } from "@spack-oci/buildcache";
import { exitStatus } from "../exit-status.js";
import { packageToJson } from "../output/results.js";
import type { CommandContext, CommandResult } from "./command-context.js";

export interface ReindexArguments {
  readonly store?: string | undefined;
}

/** The first version that Spack 1.0 reads; older Spacks read no newer one than 7. */
const NEW_VERSION = 8;

export async function reindexCommand(
  args: ReindexArguments,
  context: CommandContext,
): Promise<CommandResult> {
  const { session, listener } = context;
  const store = await session.store(args.store);
  const upstreams = await session.upstreamStores(args.store);
  const { found, added, missing, previousVersion, backup } = await reindex(store, { upstreams, listener });
  const names = (records: readonly { spec: PackageName }[]) => records.map(({ spec }) => packageToJson(spec));
  const converted = previousVersion !== undefined && previousVersion < NEW_VERSION;
  return {
    json: { found: found.length, added: names(added), missing: names(missing), previousVersion, backup },
    lines: [
      ...added.map(({ spec }) => `added ${describePackage(spec)}`),
      ...missing.map(({ spec }) => `${describePackage(spec)} is gone, and now marked so`),
      ...(converted ? ["The database is of version 8 now, which Spacks before 1.0 cannot read."] : []),
      `Found ${found.length} packages${backup === undefined ? "" : `; the old database is ${backup}`}.`,
    ],
    status: exitStatus.done,
  };
}
