// Parses the command line, runs the command it names, and returns an exit status.

import { SpackOciError } from "@spack-oci/errors";
import { type Command, CommanderError } from "commander";
import { loadCommands } from "./load-commands.js";
import type { Console } from "./process/console.js";
import { EXIT_STATUS } from "./process/exit-status.js";
import { guardedConsole } from "./process/guarded-console.js";
import { harmlessMessage } from "./process/harmless-message.js";
import { packProgram } from "./process/program-words.js";
import { adviceOnWord } from "./process/words-of-spack.js";
import { createProgram } from "./program.js";
import { errorToJson, printJson } from "./render/json.js";
import { reportUnexpected } from "./report-unexpected.js";
import { packageVersion } from "./version.js";

/**
 * Help, the version and usage errors are printed without loading what commands need to run.
 *
 * @param args the arguments after the program's name
 * @returns the exit status
 */
export async function main(args: readonly string[], unguarded: Console): Promise<number> {
  const console = guardedConsole(unguarded);
  let status: number = EXIT_STATUS.done;
  const commands = await loadCommands(args);
  const takesProgram = commands.length === 1 && commands[0]?.name === "run";
  const program = createProgram(packageVersion(), commands, async (command, globals) => {
    const { runCommand } = await import("./run-command.js");
    status = await runCommand(command, globals, console);
  });
  const output = {
    writeOut: (text: string) => void console.stdout.write(text),
    writeErr: (text: string) => void console.stderr.write(harmlessMessage(text)),
  };
  for (const each of withCommands(program)) each.exitOverride().configureOutput(output);
  try {
    await program.parseAsync(takesProgram ? packProgram(args) : args, { from: "user" });
    return status;
  } catch (error) {
    if (!(error instanceof CommanderError)) return reportUnexpected(error, console);
    if (error.exitCode === 0) return EXIT_STATUS.done;
    const flag = unknownFlag(error);
    const misplaced = program.options.find(({ short, long }) => short === flag || long === flag);
    const advice = adviceOnWord(unknownWord(error));
    if (advice !== undefined) output.writeErr(`${advice}\n`);
    if (misplaced !== undefined) output.writeErr(`Put ${misplaced.flags} before the command, as in Spack.\n`);
    if (args.includes("--json")) {
      const message = harmlessMessage(error.message).replace(/^error: /, "");
      const usage = new SpackOciError("ERR_USAGE", message, { kind: "usage", cause: error });
      printJson(console, { error: errorToJson(usage) });
    }
    return EXIT_STATUS.usage;
  }
}

/** A command with all below it. */
function withCommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withCommands)];
}

/** The command or option that an error calls unknown; empty for other errors. */
function unknownWord(error: CommanderError): string {
  return unknownFlag(error) ?? /unknown command '([^']*)'/.exec(error.message)?.[1] ?? "";
}

/** The flag in an unknown-option error; null for other errors. */
function unknownFlag({ code, message }: CommanderError): string | null {
  return (code === "commander.unknownOption" && /'(-[^'=]*)/.exec(message)?.[1]) || null;
}
