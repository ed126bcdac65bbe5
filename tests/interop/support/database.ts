// Reads a store's database, written by Spack or this project, for comparison.

import { readFileSync } from "node:fs";
import { join } from "node:path";

export type Records = Record<string, Record<string, unknown> & { readonly spec: { readonly name: string } }>;

/** Records by hash, without their installation times. */
export function readRecords(root: string): Records {
  const text = readFileSync(join(root, ".spack-db", "index.json"), "utf8");
  const { database } = JSON.parse(text) as { database: { version: string; installs: Records } };
  if (database.version !== "8") throw new Error(`the database of ${root} has version ${database.version}`);
  const untimed = Object.entries(database.installs).map(([hash, record]) => {
    if (typeof record["installation_time"] !== "number") throw new Error(`${hash} has no installation time`);
    return [hash, { ...record, installation_time: undefined }] as const;
  });
  return Object.fromEntries(untimed);
}
