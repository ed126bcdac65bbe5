// Environments over the sample store with views, and descriptions of everything that a view consists of.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll } from "vitest";
import { describePrefix, type PrefixDescription } from "../../support/describe-prefix.js";
import { fixture } from "../../support/fixtures.js";

/** Roots of the sample store's environment of which no two have the same name. */
const DISTINCT_ROOTS: readonly string[] = [
  "argobots-lite@1.2",
  "bedrock-lite",
  "data-lite",
  "libfabric-lite",
  "mochi-package-with",
  "mochi-suite",
  "tricky-lite",
  "tricky-names",
];

const homes: string[] = [];

// Registered here, because a hook that is registered within another hook or a test never runs.
afterAll(() => {
  for (const home of homes) rmSync(home, { recursive: true, force: true });
});

/** An environment in a directory with a short path, so that copies of binaries have room for paths below it. */
export class ViewEnvironment {
  /** Holds the environment, and views beside it. */
  readonly home: string;
  /** For `-e`. */
  readonly directory: string;

  constructor() {
    const scratch = mkdtempSync("/tmp/v");
    homes.push(scratch);
    this.home = join(scratch, "h");
    this.directory = join(this.home, "e");
    mkdirSync(this.directory, { recursive: true });
  }

  /**
   * Writes the manifest and the lock file.
   *
   * @param view the value of `view:` in YAML, in which HOME is the directory around the environment
   * @param roots beginnings of the sample environment's roots, in order and with repetitions
   */
  write(view: string | undefined, roots: readonly string[] = DISTINCT_ROOTS): void {
    const text = view === undefined ? "" : `  view: ${view.replaceAll("HOME", this.home)}\n`;
    writeFileSync(join(this.directory, "spack.yaml"), `spack:\n  specs: [bedrock-lite]\n${text}`);
    const lock = JSON.parse(readFileSync(fixture("producer/spack.lock"), "utf8")) as {
      roots: { spec: string }[];
    };
    lock.roots = roots.flatMap((root) => lock.roots.filter(({ spec }) => spec.startsWith(root)));
    writeFileSync(join(this.directory, "spack.lock"), JSON.stringify(lock));
  }

  /** Everything in the home except the files that have nothing to do with views. */
  describe(): PrefixDescription {
    const { entries, hardlinks } = describePrefix(this.home);
    const kept = Object.entries(entries).filter(
      ([name]) => !/^e\/(spack\.(yaml|lock)|\.spack-env(\/(transaction_lock|repos|logs)|$))/.test(name),
    );
    return { entries: Object.fromEntries(kept), hardlinks };
  }

  /** Removes all views. */
  clear(): void {
    rmSync(this.home, { recursive: true });
    mkdirSync(this.directory, { recursive: true });
  }
}
