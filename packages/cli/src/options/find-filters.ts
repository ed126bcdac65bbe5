// Options of `spack find` that leave packages out: when they were installed, in which store, and whether a shell loaded
// them.

import type { Session } from "@spack-oci/buildcache";
import { SpackOciError } from "@spack-oci/errors";
import type { RecordedSpecs, SpecCatalog } from "@spack-oci/spack-spec";
import { flag, text, type ValuesOf } from "../declaration/parameter.js";

export const FIND_FILTERS = {
  loaded: flag("--loaded", "only packages that this shell has loaded"),
  startDate: text(
    "--start-date <date>",
    "only packages installed after a date, such as 2026-01-31 or '2 weeks ago'",
  ),
  endDate: text("--end-date <date>", "only packages installed before a date"),
  tree: text(
    "--install-tree <tree>",
    "only packages in the store itself (local), in its upstreams (upstream), or in an upstream given by its name or path (default: all)",
  ),
};

/** The stores of a catalog's databases, in the same order, and where names of upstreams are looked up. */
interface Stores {
  readonly roots: readonly string[];
  readonly session: Session;
  /** Undefined for Spack's own store. */
  readonly root: string | undefined;
}

export interface FindFilters {
  readonly loaded?: ReadonlySet<string>;
  readonly after?: Date;
  readonly before?: Date;
  readonly databases?: readonly RecordedSpecs[];
}

/** @throws SpackOciError `ERR_USAGE` for dates and stores that do not exist */
export async function findFilters(
  { loaded, startDate, endDate, tree }: ValuesOf<typeof FIND_FILTERS>,
  catalog: SpecCatalog,
  stores: Stores,
): Promise<FindFilters> {
  const { LOADED_HASHES } = await import("@spack-oci/buildcache");
  const hashes = stores.session.environmentVariables[LOADED_HASHES] ?? "";
  return {
    ...(loaded ? { loaded: new Set(hashes.split(":")) } : {}),
    ...(startDate === undefined ? {} : { after: await requireDate("--start-date", startDate) }),
    ...(endDate === undefined ? {} : { before: await requireDate("--end-date", endDate) }),
    ...(tree === undefined || tree === "all" ? {} : { databases: databasesIn(tree, catalog, stores) }),
  };
}

async function requireDate(option: string, value: string): Promise<Date> {
  const { readDate } = await import("@spack-oci/spack-spec");
  const date = readDate(value);
  if (date !== undefined) return date;
  throw new SpackOciError("ERR_USAGE", `${option}: ${value} is not a date.`, {
    kind: "usage",
    hint: "Use YYYY, YYYY-MM, YYYY-MM-DD, 'YYYY-MM-DD HH:MM', yesterday, or '2 weeks ago'.",
  });
}

/** Spack: database.py, `Database.query`. */
function databasesIn(
  tree: string,
  { databases }: SpecCatalog,
  { roots, session, root }: Stores,
): readonly RecordedSpecs[] {
  if (tree === "local") return databases.slice(0, 1);
  if (tree === "upstream") return databases.slice(1);
  const upstreams = root === undefined ? session.spack.instance.upstreams : new Map<string, string>();
  const path = upstreams.get(tree) ?? tree;
  const found = databases.filter((_, index) => roots[index] === path);
  if (found.length > 0) return found;
  throw new SpackOciError("ERR_USAGE", `--install-tree: ${tree} is not a store of this Spack.`, {
    kind: "usage",
    hint: `Use ${["all", "local", "upstream", ...upstreams.keys(), ...roots].join(", ")}.`,
  });
}
