// `spack-oci uninstall` and `spack-oci gc` remove what Spack removes, and refuse what it refuses.

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { addPadding } from "@spack-oci/spack-store";
import { beforeAll, expect, it } from "vitest";
import type { CommandRun } from "../support/command-line.js";
import { describePrefix } from "../support/describe-prefix.js";
import { fixture } from "../support/fixtures.js";
import { scratchDirectory } from "../support/scratch.js";
import { copyStore } from "./support/copy-store.js";
import { readRecords } from "./support/database.js";
import { shortRoot } from "./support/short-root.js";
import { describeWithSpack, SAMPLE_PADDING, Spack, type SpackRun } from "./support/spack.js";

/** Writes the module files of all packages. */
const HOOK = `
import spack.hooks.module_file_generation as hook, spack.store
for spec in spack.store.STORE.db.query_local(installed=True):
    hook.post_install(spec, bool(spec._installed_explicitly()))
`;

const MODULES = (directory: string) => `modules:
  default:
    enable: [ tcl, lmod ]
    roots: { tcl: ${directory}/tcl, lmod: ${directory}/lmod }
    tcl: { hide_implicits: true, defaults: [ mochi-suite, 'libfabric-lite@1.22:' ] }
    lmod: { core_compilers: [ gcc@12.2.0 ] }
`;

/** A command to run on equal stores. */
interface Case {
  readonly title: string;
  readonly args: readonly string[];
  /** Commands of Spack that come first. */
  readonly before?: readonly (readonly string[])[];
  /** Changes the files. */
  readonly prepare?: (world: World) => void;
  /** Options before the command, of the world's Spack. */
  readonly global?: (world: World) => readonly string[];
  /** Whether Spack is silent about the package and leaves its module files, which are useless. */
  readonly leavesModules?: boolean;
  /** Whether it has to succeed; both have to agree, anyway. */
  readonly succeeds: boolean;
}

const inEnvironment = ({ environment }: World) => ["-e", environment];

const CASES: readonly Case[] = [
  { title: "a package that nothing needs", args: ["uninstall", "-y", "mochi-suite"], succeeds: true },
  { title: "several packages", args: ["uninstall", "-y", "tricky-lite", "tricky-names"], succeeds: true },
  { title: "a package by its hash", args: ["uninstall", "-y", "/flnozuu"], succeeds: true },
  { title: "a package that others need", args: ["uninstall", "-y", "margo-lite"], succeeds: false },
  { title: "its dependents, too", args: ["uninstall", "-y", "-R", "json-c-lite"], succeeds: true },
  {
    title: "a package that others need, by force",
    args: ["uninstall", "-y", "-f", "json-c-lite"],
    succeeds: true,
  },
  { title: "a build dependency", args: ["uninstall", "-y", "build-tool-lite"], succeeds: true },
  { title: "an ambiguous spec", args: ["uninstall", "-y", "libfabric-lite"], succeeds: false },
  {
    title: "all matches that nothing needs",
    args: ["uninstall", "-y", "-a", "tricky-lite", "argobots-lite@main"],
    succeeds: true,
  },
  {
    title: "all matches with their dependents",
    args: ["uninstall", "-y", "-a", "-R", "libfabric-lite"],
    succeeds: true,
  },
  { title: "nothing that matches", args: ["uninstall", "-y", "nothing-lite"], succeeds: false },
  { title: "no spec", args: ["uninstall", "-y"], succeeds: false },
  { title: "everything", args: ["uninstall", "-y", "-a"], succeeds: true },
  { title: "an external", args: ["uninstall", "-y", "-f", "glibc"], succeeds: true },
  { title: "an external that is only built with", args: ["uninstall", "-y", "gcc"], succeeds: true },
  {
    title: "a package whose prefix is gone",
    args: ["uninstall", "-y", "margo-lite"],
    prepare: ({ prefixes }) => rmSync(prefixes.get("margo-lite") ?? "", { recursive: true }),
    succeeds: false,
  },
  {
    title: "a package whose prefix is gone, and which nothing needs",
    args: ["uninstall", "-y", "mochi-suite"],
    prepare: ({ prefixes }) => rmSync(prefixes.get("mochi-suite") ?? "", { recursive: true }),
    leavesModules: true,
    succeeds: true,
  },
  {
    title: "a package whose files are partly gone",
    args: ["uninstall", "-y", "mochi-suite"],
    prepare: ({ prefixes }) => rmSync(join(prefixes.get("mochi-suite") ?? "", ".spack"), { recursive: true }),
    succeeds: true,
  },
  {
    title: "records that were only kept for it",
    before: [["uninstall", "-y", "-f", "bedrock-lite"]],
    args: ["uninstall", "-y", "mochi-suite"],
    succeeds: true,
  },
  {
    title: "a deprecated package",
    before: [["deprecate", "-y", "-D", "libfabric-lite@1.21.1", "libfabric-lite@1.22.0"]],
    args: ["uninstall", "-y", "-f", "libfabric-lite@1.21.1"],
    succeeds: true,
  },
  {
    title: "a deprecated package that others need",
    before: [["deprecate", "-y", "-D", "libfabric-lite@1.21.1", "libfabric-lite@1.22.0"]],
    args: ["uninstall", "-y", "libfabric-lite@1.21.1"],
    succeeds: false,
  },
  {
    title: "the replacement of a deprecated package, by force",
    before: [["deprecate", "-y", "-D", "libfabric-lite@1.21.1", "libfabric-lite@1.22.0"]],
    args: ["uninstall", "-y", "-f", "libfabric-lite@1.22.0"],
    succeeds: true,
  },
  {
    title: "the last dependent of a deprecated package",
    before: [["deprecate", "-y", "-D", "libfabric-lite@1.21.1", "libfabric-lite@1.22.0"]],
    args: ["uninstall", "-y", "-a", "-R", "mercury-lite"],
    succeeds: true,
  },
  {
    title: "a package that an environment refers to",
    args: ["uninstall", "-y", "mochi-suite"],
    prepare: addManagedEnvironment,
    succeeds: false,
  },
  {
    title: "a package that an environment refers to, by force",
    args: ["uninstall", "-y", "-f", "mochi-suite"],
    prepare: addManagedEnvironment,
    succeeds: true,
  },
  {
    title: "a package of the active environment, and its view",
    before: [["-e", "ENVIRONMENT", "env", "view", "regenerate"]],
    args: ["uninstall", "-y", "tricky-names"],
    global: inEnvironment,
    succeeds: true,
  },
  {
    title: "everything in the active environment",
    args: ["uninstall", "-y", "-a"],
    global: inEnvironment,
    succeeds: false,
  },
  {
    title: "everything in the active environment, by force",
    args: ["uninstall", "-y", "-a", "-f"],
    global: inEnvironment,
    succeeds: true,
  },
  {
    title: "a package and dependents outside of the active environment",
    args: ["uninstall", "-y", "-R", "json-c-lite"],
    global: inEnvironment,
    succeeds: true,
  },
  {
    title: "a package that is not in the active environment",
    args: ["uninstall", "-y", "mochi-suite"],
    global: inEnvironment,
    succeeds: false,
  },
  { title: "build dependencies", args: ["gc", "-y"], succeeds: true },
  { title: "nothing but build dependencies", args: ["gc", "-y", "-b"], succeeds: true },
  {
    title: "what nothing needs any more",
    before: [["uninstall", "-y", "-R", "bedrock-lite"]],
    args: ["gc", "-y"],
    succeeds: true,
  },
  {
    title: "unused packages that match",
    args: ["gc", "-y", "build-tool-lite", "mochi-suite"],
    succeeds: true,
  },
  {
    title: "nothing that a missing package needs",
    before: [["uninstall", "-y", "-f", "bedrock-lite"]],
    args: ["gc", "-y"],
    succeeds: true,
  },
  {
    title: "an unused package that an unused package needs",
    before: [["uninstall", "-y", "-R", "bedrock-lite"]],
    args: ["gc", "-y", "mercury-lite"],
    succeeds: false,
  },
  {
    title: "what no environment needs",
    args: ["gc", "-y", "-E"],
    prepare: addManagedEnvironment,
    succeeds: true,
  },
  {
    title: "what an environment does not need",
    args: ["gc", "-y", "-b", "-e", "ENVIRONMENT"],
    succeeds: true,
  },
  { title: "an environment that does not exist", args: ["gc", "-y", "-e", "nowhere"], succeeds: false },
  {
    title: "what the active environment does not need",
    args: ["gc", "-y"],
    global: inEnvironment,
    succeeds: true,
  },
];

/** Everything that a command may change. */
interface World {
  /** The directory that contains everything. */
  readonly home: string;
  /** The root of the store, padded if it is. */
  readonly root: string;
  /** The directory of an environment with a few packages and a view. */
  readonly environment: string;
  readonly prefixes: ReadonlyMap<string, string>;
}

describeWithSpack.each([
  { padding: 0, cases: CASES },
  {
    padding: SAMPLE_PADDING,
    cases: CASES.filter(({ title }) =>
      /its dependents|a deprecated package$|active environment, and|build dependencies/.test(title),
    ),
  },
])("removal from a store with $padding characters of padding", { timeout: 600_000 }, ({ padding, cases }) => {
  const unpadded = shortRoot();
  const home = dirname(unpadded);
  const root = padding === 0 ? unpadded : addPadding(unpadded, padding);
  const place = scratchDirectory("removal");
  const original = join(place, "original");
  const scope = join(place, "scope");
  let world: World;
  let spack: Spack;

  const settings = () => ["-C", scope, "-c", `config:environments_root:${home}/environments`];
  const restore = () => {
    rmSync(home, { recursive: true, force: true });
    execFileSync("cp", ["-a", original, home]);
  };
  const state = () => ({ records: readRecords(root), entries: entriesOf(home) });

  beforeAll(async () => {
    spack = await Spack.create({ root: unpadded, paddedLength: padding });
    const prefixes = await copyStore(root);
    world = {
      home,
      root,
      prefixes,
      environment: addEnvironment(join(home, "e"), ["tricky-names", "bedrock-lite"]),
    };
    mkdirSync(scope);
    writeFileSync(join(scope, "modules.yaml"), MODULES(join(home, "modules")));
    writeFileSync(join(place, "hook.py"), HOOK);
    await spack.do(...settings(), "python", join(place, "hook.py"));
    execFileSync("cp", ["-a", home, original]);
  }, 600_000);

  it.each(cases.map((each) => [each.title, each] as const))("%s", async (_, each) => {
    const words = (args: readonly string[]) =>
      args.map((word) => word.replace("ENVIRONMENT", world.environment));
    const start = async () => {
      restore();
      for (const args of each.before ?? []) await spack.do(...settings(), ...words(args));
      each.prepare?.(world);
    };
    const args = [...settings(), ...(each.global?.(world) ?? []), ...words(each.args)];

    await start();
    const before = state();
    const theirs = await spack.run(...args);
    const expected = state();
    if (each.leavesModules) removeModules(expected.entries, "mochi-suite");
    await start();
    expect(state()).toEqual(before);
    const ours = await spack.ours(...args);
    const found = state();

    expect(found).toEqual(expected);
    expect(theirs.status === 0, theirs.stderr).toBe(each.succeeds);
    expect(ours.status === 0, ours.stderr).toBe(each.succeeds);
    if (!each.leavesModules) expect(namedByUs(ours)).toEqual(namedBySpack(theirs));
    if (!each.succeeds) expect(found).toEqual(before);
  });
});

/** An environment with some roots of the sample environment. */
function addEnvironment(directory: string, roots: readonly string[]): string {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "spack.yaml"), `spack:\n  specs: [${roots.join(", ")}]\n  view: true\n`);
  const lock = JSON.parse(readFileSync(fixture("producer/spack.lock"), "utf8")) as {
    roots: { spec: string }[];
  };
  lock.roots = lock.roots.filter(({ spec }) => roots.some((root) => spec.startsWith(root)));
  writeFileSync(join(directory, "spack.lock"), JSON.stringify(lock));
  return directory;
}

function addManagedEnvironment({ home }: World): void {
  addEnvironment(join(home, "environments", "suite"), ["mochi-suite"]);
}

/** Hashes of the packages that Spack lists or says it has uninstalled. */
function namedBySpack({ stdout, stderr }: SpackRun): readonly string[] {
  const listed = [...stderr.matchAll(/^ {4}([a-z2-7]{7}) /gm), ...stdout.matchAll(/^ {4}([a-z2-7]{7}) /gm)];
  const done = stdout.matchAll(/Successfully uninstalled .*\/([a-z2-7]{7})$/gm);
  const needed = stderr.matchAll(/ \/([a-z2-7]{7})\b/g);
  return sorted([...listed, ...done, ...needed]);
}

function namedByUs({ stderr }: CommandRun): readonly string[] {
  return sorted(stderr.matchAll(/@[^/\s]+\/([a-z2-7]{7})\b/g));
}

function sorted(matches: Iterable<RegExpMatchArray>): readonly string[] {
  return [...new Set([...matches].map(([, hash = ""]) => hash))].sort();
}

/** Removes the module files of a package, which must exist, from a description. */
function removeModules(entries: Record<string, unknown>, name: string): void {
  const found = Object.keys(entries).filter(
    (path) => path.startsWith("modules/") && path.includes(`/${name}`),
  );
  expect(found.length).toBeGreaterThan(2);
  for (const path of found) delete entries[path];
}

/** Everything below a directory, without what differs between any two runs. Spack rewrites the lock file. */
function entriesOf(directory: string): Record<string, unknown> {
  const { entries } = describePrefix(directory);
  const kept = Object.entries(entries).filter(
    ([name]) =>
      !/^e\/spack\.lock$|\.spack-db(\/|$)|\.spack-env\/(transaction_lock|repos|logs|env_lock)|\.spack-env$/.test(
        name,
      ),
  );
  return Object.fromEntries(kept);
}
