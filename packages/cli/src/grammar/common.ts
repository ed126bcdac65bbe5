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

const BEFORE_COMMANDS = `
Before the command: --spack-root, -e, -D, -E, -C, -c; see spack-oci --help.`;

/** A new command with the options that all have. */
export function command(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .option("--json", "print the result as one JSON document on standard output")
    .addOption(
      new Option("-j, --jobs <n>", "packages in flight at once")
        .argParser(wholeNumber(1, 1024))
        .default(defaultJobs(availableParallelism())),
    )
    .addHelpText("after", BEFORE_COMMANDS);
}

/** Gathers the values of an option that may be repeated. */
export function collect(value: string, known: readonly string[] = []): string[] {
  return [...known, value];
}

/** Reads a number of something, of `least` at least and `most` at most. */
export function wholeNumber(least: number, most: number, of = ""): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (Number.isInteger(number) && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`It must be a whole number ${of}from ${least} to ${most}.`);
  };
}
