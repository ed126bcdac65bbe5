// Pulls in processes of their own that overlap, for tests of stores with many writers.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startCommand } from "./command-process.js";

/**
 * The specs of six pulls, which share most of their dependencies; together they are all that the sample environment
 * installs.
 */
export const SIX_PULLS = [
  ["mochi-suite", "tricky-lite"],
  ["tricky-lite", "tricky-names", "bedrock-lite"],
  ["argobots-lite@main", "thallium-lite", "data-lite"],
  ["/x55pz3ufbvlqg4qrxwfcg2zz55o6focf", "margo-lite", "interp-lite"],
  ["libfabric-lite@1.21.1", "json-c-lite", "mochi-scripts", "mochi-suite"],
  [
    "margo-lite",
    "mochi-package-with-an-extraordinarily-long-name-that-does-not-fit-in-a-hundred-and-twenty-eight-byte-tag",
  ],
];

/** What a pull printed with `--json`, and its warnings. */
export interface PullReport {
  readonly pulled: readonly { readonly name: string; readonly hash: string }[];
  readonly failed: readonly unknown[];
  readonly stderr: string;
}

/** A pull to start. */
export interface PullTask {
  /** The command's file. */
  readonly program: string;
  readonly mirror: string;
  readonly root: string;
  readonly environment?: NodeJS.ProcessEnv;
}

/** Pulls specs in a new process, which must succeed. */
export async function pullInProcess(task: PullTask, specs: readonly string[]): Promise<PullReport> {
  const { program, mirror, root, environment } = task;
  const args = ["pull", "--allarch", mirror, ...specs, "--root", root, "--json"];
  const { status, stdout, stderr } = await startCommand(args, environment, program).ended;
  if (status !== 0) throw new Error(`pull ${specs.join(" ")} ended with ${status}: ${stderr}`);
  return { ...(JSON.parse(stdout) as PullReport), stderr };
}

/** The records of a store's database, without what the order of installs decides. */
export function comparableRecords(root: string): Record<string, object> {
  const text = readFileSync(join(root, ".spack-db", "index.json"), "utf8");
  const { installs } = (JSON.parse(text) as { database: { installs: Record<string, object> } }).database;
  return Object.fromEntries(
    Object.entries(installs).map(([hash, record]) => [
      hash,
      { ...record, installation_time: undefined, explicit: undefined },
    ]),
  );
}
