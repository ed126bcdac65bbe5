// The command line as a whole: its commands, the global options before them, and its help.

import { Command } from "commander";
import { addCommand, addOptions, optionValues } from "./declaration/add-command.js";
import type { AnyCommand } from "./declaration/command.js";
import type { CommandContext } from "./declaration/command-context.js";
import { rejectEmptyArguments } from "./declaration/reject-empty-arguments.js";
import { COMMON_OPTIONS, type GlobalValues } from "./options/common.js";
import { SPACK_OPTIONS } from "./options/spack.js";
import type { CommandResult } from "./render/result.js";

const GLOBAL_OPTIONS = `\
Global options (before the command): --spack-root, -e, -D, -E, -C, -c;
see 'spack-oci --help'.`;

const EXIT_STATUSES = `
Exit status: 0 success, 1 failure, 2 usage error, 3 not found,
4 access denied, 5 corrupt data, 6 registry unreachable or rate limited,
7 differences found (diff), 130 interrupted.`;

/** Runs a command after its arguments are parsed. */
export type RunCommand = (
  command: (context: CommandContext) => Promise<CommandResult>,
  globals: GlobalValues,
) => Promise<void>;

/** @param run called once, with the command that the arguments name */
export function createProgram(version: string, commands: readonly AnyCommand[], run: RunCommand): Command {
  const program = new Command("spack-oci")
    .description("Push, pull and copy Spack packages in OCI registries.")
    .version(version)
    .showHelpAfterError("Run 'spack-oci --help' for usage.")
    .helpCommand(false)
    // As in Spack: commands reuse the names of global options.
    .enablePositionalOptions()
    .addHelpText("after", EXIT_STATUSES);
  program.hook("preAction", (_program, action) => rejectEmptyArguments(action));
  addOptions(program, SPACK_OPTIONS);
  for (const command of commands) {
    const options = { ...COMMON_OPTIONS, ...command.options };
    const notes = [GLOBAL_OPTIONS, ...(command.notes === undefined ? [] : [command.notes])].join("\n\n");
    addCommand(program, { ...command, options, notes }, (values, parser) =>
      run((context) => command.run(values as never, context), {
        ...optionValues(parser, COMMON_OPTIONS),
        ...optionValues(program, SPACK_OPTIONS),
      }),
    );
  }
  return program;
}
