// The command line as a whole: its commands, the options that come before them, and its help.

import { Command } from "commander";
import { addCommand, addOptions, optionValues } from "./declaration/add-command.js";
import type { AnyCommand } from "./declaration/command.js";
import type { CommandContext } from "./declaration/command-context.js";
import { rejectEmptyArguments } from "./declaration/reject-empty-arguments.js";
import { COMMON_OPTIONS, type GlobalValues } from "./options/common.js";
import { SPACK_OPTIONS } from "./options/spack.js";
import type { CommandResult } from "./render/result.js";

const BEFORE_COMMANDS = "Before the command: --spack-root, -e, -D, -E, -C, -c; see spack-oci --help.";

const EXIT_STATUS = `
Exit status: 0 done, 1 failed, 2 wrong usage, 3 not in the buildcache, 4 denied, 5 corrupt,
6 registry unreachable or rate limited, 7 different (diff), 130 interrupted.`;

/** Runs a command whose arguments are parsed. */
export type RunCommand = (
  command: (context: CommandContext) => Promise<CommandResult>,
  globals: GlobalValues,
) => Promise<void>;

/** @param run called once with the command that the arguments name */
export function createProgram(version: string, commands: readonly AnyCommand[], run: RunCommand): Command {
  const program = new Command("spack-oci")
    .description("Moves Spack's binaries in and out of OCI registries.")
    .version(version)
    .showHelpAfterError("(spack-oci --help tells what there is)")
    .helpCommand(false)
    // As in Spack, whose commands have options of the same names.
    .enablePositionalOptions()
    .addHelpText("after", EXIT_STATUS);
  program.hook("preAction", (_program, action) => rejectEmptyArguments(action));
  addOptions(program, SPACK_OPTIONS);
  for (const command of commands) {
    const options = { ...COMMON_OPTIONS, ...command.options };
    const notes = [BEFORE_COMMANDS, ...(command.notes === undefined ? [] : [command.notes])].join("\n\n");
    addCommand(program, { ...command, options, notes }, (values, parser) =>
      run((context) => command.run(values as never, context), {
        ...optionValues(parser, COMMON_OPTIONS),
        ...optionValues(program, SPACK_OPTIONS),
      }),
    );
  }
  return program;
}
