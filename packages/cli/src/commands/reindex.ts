// spack-oci reindex: makes a store's database agree with its prefixes.

import type { PackageName } from "@spack-oci/buildcache";
import { defineCommand } from "../declaration/command.js";
import { text } from "../declaration/parameter.js";
import { exitStatus } from "../process/exit-status.js";
import { formatPackage, packageToJson } from "../render/packages.js";
import type { CommandResult } from "../render/result.js";

/** The first version that Spack 1.0 reads; older Spacks read no newer one than 7. */
const NEW_VERSION = 8;

export const reindexCommand = defineCommand({
  name: "reindex",
  summary: "Rebuild a store's database from its prefixes.",
  arguments: {},
  options: { store: text("--store <dir>", "install tree to rebuild, Spack's own by default") },
  async run(args, { session, run }) {
    const { reindex } = await import("@spack-oci/buildcache");
    const store = await session.stores.open(args.store);
    const upstreams = await session.stores.upstreams(args.store);
    return renderReindex(await reindex({ upstreams }, { store, run }));
  },
});

type Records = readonly { readonly spec: PackageName }[];

/** The records of a database that was rebuilt, and which of them changed. */
interface ReindexResult {
  readonly found: readonly unknown[];
  readonly added: Records;
  readonly missing: Records;
  readonly previousVersion: number | undefined;
  readonly backup: string | undefined;
}

export function renderReindex(result: ReindexResult): CommandResult {
  const { found, added, missing, previousVersion, backup } = result;
  const names = (records: Records) => records.map(({ spec }) => packageToJson(spec));
  const converted = previousVersion !== undefined && previousVersion < NEW_VERSION;
  return {
    json: { found: found.length, added: names(added), missing: names(missing), previousVersion, backup },
    lines: [
      ...added.map(({ spec }) => `added ${formatPackage(spec)}`),
      ...missing.map(({ spec }) => `${formatPackage(spec)} is gone, and now marked so`),
      ...(converted ? ["The database is of version 8 now, which Spacks before 1.0 cannot read."] : []),
      `Found ${found.length} packages${backup === undefined ? "" : `; the old database is ${backup}`}.`,
    ],
    status: exitStatus.done,
  };
}
