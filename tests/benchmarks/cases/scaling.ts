// The cost of more workers than processors.

import { fileURLToPath } from "node:url";
import type { ShellCommand } from "../support/run-command.js";
import { type BenchmarkCase, OURS } from "./benchmark-case.js";

const preload = fileURLToPath(new URL("../support/processors.cjs", import.meta.url));

const FEW = 2;
const MANY = 8;

/** The name in tables of a run on what looks like a large machine. */
export const MANY_PROCESSORS = named(MANY);

export const scaling: BenchmarkCase = {
  name: "scaling",
  title: ({ many }) => `Pull ${many} small packages as on machines with more processors`,
  about:
    "Into an empty store. The command is told how many processors there are (2 in the first row), and starts up to one worker thread less. It always runs on the same processors, so this shows what workers cost, not what they gain.",
  rivals: async (surroundings) => {
    const { roots } = await surroundings.smallPackages(surroundings.settings.many);
    const mirror = await surroundings.filledMirror(surroundings.settings.many);
    const pull = (count: number) => () =>
      withProcessors(surroundings.ourPull(mirror, ...roots, "--jobs", "8"), count);
    return [FEW, 1, 4, MANY].map((count) => ({ name: named(count), prepare: pull(count) }));
  },
};

function withProcessors(command: ShellCommand, count: number): ShellCommand {
  const environment = {
    ...command.environment,
    NODE_OPTIONS: `--require ${preload}`,
    SPACK_OCI_BENCH_PROCESSORS: String(count),
  };
  return { ...command, environment };
}

function named(count: number): string {
  return count === FEW ? OURS : `${OURS}, ${count} processors`;
}
