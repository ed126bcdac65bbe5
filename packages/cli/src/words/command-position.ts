// Finds the name of the command among arguments, behind global options.

import { Command, CommanderError } from "commander";
import { addOptions } from "../declaration/add-command.js";
import { GLOBAL_OPTIONS } from "../options/global.js";

/**
 * The index of the command's name; `version` if `--version` is asked for instead, and undefined if there is no command,
 * or an option before it is unknown or incomplete.
 */
export function commandPosition(args: readonly string[]): number | "version" | undefined {
  const silent = { writeOut() {}, writeErr() {} };
  const parser = new Command().version("").helpOption(false).exitOverride().configureOutput(silent);
  addOptions(parser.passThroughOptions(), GLOBAL_OPTIONS);
  try {
    const { operands, unknown } = parser.parseOptions([...args]);
    if (operands.length === 0 || unknown.length > 0) return undefined;
    return args.length - operands.length;
  } catch (error) {
    // Errors are reported later, when the whole program parses the arguments.
    if (error instanceof CommanderError) return error.code === "commander.version" ? "version" : undefined;
    throw error;
  }
}
