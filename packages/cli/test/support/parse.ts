// Parses a command's arguments without running the command.

import { Command } from "commander";
import { addCommand, type Values } from "../../src/declaration/add-command.js";
import type { AnyCommand } from "../../src/declaration/command.js";
import { rejectEmptyArguments } from "../../src/declaration/reject-empty-arguments.js";

/**
 * The values that the command would receive.
 *
 * @throws CommanderError for usage errors
 */
export async function parse(command: AnyCommand, ...args: readonly string[]): Promise<Values> {
  const silent = { writeOut() {}, writeErr() {} };
  const program = new Command("spack-oci").exitOverride().configureOutput(silent);
  program.hook("preAction", (_program, action) => rejectEmptyArguments(action));
  const values: Values[] = [];
  addCommand(program, command, async (parsed) => void values.push(parsed));
  await program.parseAsync([...command.name.split(" "), ...args], { from: "user" });
  const [only] = values;
  if (only === undefined) throw new Error("the command was not called");
  return only;
}

/** The flags of the options that help lists for a command, in order. */
export function flagsOf(command: AnyCommand): readonly string[] {
  return Object.values(command.options).flatMap(({ flags, hidden }) => (hidden ? [] : [flags]));
}
