// What all commands share: how they are added, and the options and words that they have in common.

import { availableParallelism } from "node:os";
import { defaultJobs } from "@spack-oci/buildcache/limits";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { CommandContext, CommandResult } from "../commands/command-context.js";
import type { SpackOptions } from "../spack-options.js";

/** Options that every command has. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly jobs?: number;
}

/** Runs a parsed command. */
export type RunCommand = (
  options: CommonOptions & SpackOptions,
  command: (context: CommandContext) => Promise<CommandResult>,
) => Promise<void>;

export const MIRROR = "a mirror's name, oci://HOST/PATH, oci+http://HOST/PATH or oci-layout:DIRECTORY";
export const SPECS = "as Spack writes specs: name, name@version, /hash, ...; everything without any";

/** A new command with the options that all have. */
export function command(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .option("--json", "print the result as one JSON document on standard output")
    .addOption(
      new Option("-j, --jobs <n>", "packages in flight at once")
        .argParser(parseCount)
        .default(defaultJobs(availableParallelism())),
    );
}

/** Gathers the values of an option that may be repeated. */
export function collect(value: string, known: readonly string[] = []): string[] {
  return [...known, value];
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 1024) {
    throw new InvalidArgumentError("It must be a whole number from 1 to 1024.");
  }
  return count;
}
