// spack-oci reindex: rebuilds a store's database from its prefixes.

import type { PackageName } from "@spack-oci/buildcache";
import { defineCommand } from "../declaration/command.js";
import { storeOption } from "../options/install-tree.js";
import { EXIT_STATUS } from "../process/exit-status.js";
import { formatPackage, packageToJson } from "../render/packages.js";
import type { CommandResult } from "../render/result.js";
import { formatCount } from "../render/units.js";

/** The first database version of Spack 1.0; older Spacks read version 7 at most. */
const SPACK_1_DATABASE_VERSION = 8;

export const reindexCommand = defineCommand({
  name: "reindex",
  summary: "Rebuild a store's database from its prefixes.",
  examples: [
    { purpose: "Rebuild the database of Spack's store", line: "reindex" },
    { purpose: "Rebuild the database below a directory", line: "reindex --store $HOME/software" },
  ],
  arguments: {},
  options: { store: storeOption("reindex") },
  async run(args, { session, run }) {
    const { reindex } = await import("@spack-oci/buildcache");
    const store = await session.stores.open(args.store);
    const upstreams = await session.stores.upstreams(args.store);
    return renderReindex(await reindex({ upstreams, ...session.stores.lockSettings() }, { store, run }));
  },
});

type Records = readonly { readonly spec: PackageName }[];

/** The records of a rebuilt database, and which of them changed. */
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
  const converted = previousVersion !== undefined && previousVersion < SPACK_1_DATABASE_VERSION;
  return {
    json: { found: found.length, added: names(added), missing: names(missing), previousVersion, backup },
    lines: [
      ...added.map(({ spec }) => `added ${formatPackage(spec)}`),
      ...missing.map(({ spec }) => `marked ${formatPackage(spec)} as missing`),
      ...(converted ? ["The database now has version 8, which Spack versions before 1.0 cannot read."] : []),
      `Found ${formatCount(found.length, "package")}${backup === undefined ? "" : `; the old database is ${backup}`}.`,
    ],
    status: EXIT_STATUS.done,
  };
}
