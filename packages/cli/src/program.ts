// The command line as a whole: its commands, the global options before and after them, and its help.

import { Command } from "commander";
import { addCommand, addOptions } from "./declaration/add-command.js";
import type { AnyCommand } from "./declaration/command.js";
import type { CommandContext } from "./declaration/command-context.js";
import { HELP_LAYOUT, widthOf, wrapParagraphs } from "./declaration/help-layout.js";
import { rejectEmptyArguments } from "./declaration/reject-empty-arguments.js";
import { COMMON_OPTIONS } from "./options/common.js";
import {
  GLOBAL_OPTIONS,
  type GlobalTable,
  type GlobalValues,
  globalOptionsBeside,
  globalValues,
} from "./options/global.js";
import type { CommandResult } from "./render/result.js";
import { BUILDCACHE_WORDS } from "./words/words-of-spack.js";

/** The end of the help of the program: how to go on, and exit statuses. */
export const AFTER_HELP = `\
Run 'spack-oci COMMAND --help' for the arguments, options and examples of a command. Global options may also follow the
name of a command.

Exit status: 0 success, 1 failure, 2 usage error, 3 not found,
4 access denied, 5 corrupt data, 6 registry unreachable or rate limited,
7 differences found (diff), 8 a required signature is missing or invalid,
130 interrupted.`;

/** Runs a command after its arguments are parsed. */
export type RunCommand = (
  command: (context: CommandContext) => Promise<CommandResult>,
  globals: GlobalValues,
) => Promise<void>;

/** @param run called once, with the command that the arguments name */
export function createProgram(version: string, commands: readonly AnyCommand[], run: RunCommand): Command {
  const program = new Command("spack-oci")
    .description("Push, pull and copy Spack packages in OCI registries.")
    .version(version, "-V, --version", "show the version")
    .helpOption("-h, --help", "show this help")
    .configureHelp(HELP_LAYOUT)
    .showHelpAfterError("Run 'spack-oci --help' for usage.")
    .helpCommand(false)
    // Commands reuse the flags of global options, as in Spack.
    .enablePositionalOptions()
    .addHelpText("after", ({ command }) => `\n${wrapParagraphs(AFTER_HELP, widthOf(command))}`);
  program.hook("preAction", (_program, action) => rejectEmptyArguments(action));
  addOptions(program, GLOBAL_OPTIONS);
  for (const command of commands) {
    const beside = globalOptionsBeside(command.options);
    const notes = [globalNote(beside), ...(command.notes === undefined ? [] : [command.notes])].join("\n\n");
    const added = addCommand(program, { ...command, notes }, (values, parser) =>
      run((context) => command.run(values as never, context), globalValues(program, parser, beside)),
    );
    addOptions(added, beside);
  }
  program.commands
    .find((each) => each.name() === "buildcache")
    ?.addHelpText("after", ({ command }) => spacksWords(widthOf(command)));
  return program;
}

function spacksWords(columns: number): string {
  const width = Math.max(...BUILDCACHE_WORDS.map(([word]) => word.length));
  const lines = BUILDCACHE_WORDS.map(([word, command]) => `  ${word.padEnd(width)}  spack-oci ${command}`);
  const title = wrapParagraphs("Other words, and the commands they stand for:", columns);
  return ["", title, ...lines].join("\n");
}

/** Names the global options that help of a command does not list. */
function globalNote(beside: GlobalTable): string {
  const hidden = Object.entries(beside).filter(([name]) => !Object.hasOwn(COMMON_OPTIONS, name));
  const flags = hidden.map(([, option]) => option.hideHelp().short ?? option.long).join(", ");
  return `Global options: ${flags}; see 'spack-oci --help'.`;
}
