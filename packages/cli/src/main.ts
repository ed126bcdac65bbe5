// Parses the command line, runs the command it names, and returns an exit status.

import { SpackOciError } from "@spack-oci/errors";
import { type Command, CommanderError } from "commander";
import { COMPLETE_WORD } from "./completion/scripts.js";
import type { AnyCommand } from "./declaration/command.js";
import { exampleText } from "./declaration/examples.js";
import { helpWidth } from "./declaration/help-layout.js";
import { loadCommands } from "./load-commands.js";
import type { ColorSetting } from "./process/colors.js";
import type { Console } from "./process/console.js";
import { EXIT_STATUS } from "./process/exit-status.js";
import { guardedConsole } from "./process/guarded-console.js";
import { harmlessMessage } from "./process/harmless-message.js";
import { packProgram } from "./process/program-words.js";
import { createProgram } from "./program.js";
import { errorToJson, printJson } from "./render/json.js";
import { wrapMessage } from "./render/wrap-message.js";
import { reportUnexpected } from "./report-unexpected.js";
import { packageVersion } from "./version.js";
import { commandPosition } from "./words/command-position.js";
import { adviceOnWord, translateWords } from "./words/words-of-spack.js";

/**
 * Help, the version and usage errors are printed without loading what commands need to run.
 *
 * @param words the arguments after the program's name
 * @returns the exit status
 *
 * @example
 * ```ts
 * import { main } from "spack-oci";
 *
 * const output: string[] = [];
 * const status = await main(["list", "oci-layout:buildcache", "margo-lite", "--allarch", "--json"], {
 *   stdout: { write: (text) => output.push(text) },
 *   stderr: process.stderr,
 *   environment: process.env,
 *   signal: AbortSignal.timeout(60_000),
 * });
 * console.log(status, JSON.parse(output.join(""))[0].name); // 0 margo-lite
 * ```
 */
export async function main(words: readonly string[], unguarded: Console): Promise<number> {
  const console = guardedConsole(unguarded);
  if (words[0] === COMPLETE_WORD) return answerShell(words.slice(1), console);
  const args = translateWords(words);
  let status: number = EXIT_STATUS.done;
  const commands = await loadCommands(args);
  const takesProgram = commands.length === 1 && commands[0]?.name === "run";
  const program = createProgram(packageVersion(), commands, async (command, globals) => {
    const { runCommand } = await import("./run-command.js");
    status = await runCommand(command, globals, guardedConsole(unguarded, globals.color));
  });
  const output = {
    writeOut: (text: string) => void console.stdout.write(text),
    writeErr: (text: string) =>
      void guardedConsole(unguarded, colorOf(program)).stderr.write(harmlessMessage(text)),
    outputError: (text: string, write: (text: string) => void) => write(wrapMessage(text, console.stderr)),
    getOutHelpWidth: () => helpWidth(console.stdout.columns),
    getErrHelpWidth: () => helpWidth(console.stderr.columns),
  };
  for (const each of withCommands(program)) each.exitOverride().configureOutput(output);
  try {
    const passed = takesProgram ? packProgram(args) : args;
    await program.parseAsync(withoutHelpForUnknown(passed, program), { from: "user" });
    return status;
  } catch (error) {
    if (!(error instanceof CommanderError)) return reportUnexpected(error, console);
    if (error.exitCode === 0) return EXIT_STATUS.done;
    const [command] = commands.length === 1 ? commands : [];
    const advice =
      adviceOnWord(unknownWord(error), command?.name) ??
      exampleFor(error, command, helpWidth(console.stderr.columns));
    if (advice !== undefined) output.outputError(`${advice}\n`, output.writeErr);
    if (args.includes("--json") || args.includes("--json-lines")) {
      const message = harmlessMessage(error.message).replace(/^error: /, "");
      const usage = new SpackOciError("ERR_USAGE", message, { kind: "usage", cause: error });
      printJson(console, { error: errorToJson(usage) });
    }
    return EXIT_STATUS.usage;
  }
}

/** What a shell asks while a user types; see completion/scripts.ts. */
async function answerShell(typed: readonly string[], console: Console): Promise<number> {
  const { printCompletions } = await import("./completion/print-completions.js");
  const load = async (words: readonly string[]) =>
    createProgram(packageVersion(), await loadCommands(words), async () => {});
  await printCompletions(typed, load, console);
  return EXIT_STATUS.done;
}

/** What `--color` says, before or after the command, even if other arguments are wrong. */
function colorOf(program: Command): ColorSetting | undefined {
  const parser = withCommands(program).findLast((each) => each.getOptionValueSource("color") === "cli");
  return parser?.getOptionValue("color") as ColorSetting | undefined;
}

/** A command with all below it. */
function withCommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withCommands)];
}

/** `nonsense --help` is an unknown command, not a request for help about everything. */
function withoutHelpForUnknown(args: readonly string[], program: Command): readonly string[] {
  let parser: Command | undefined = program;
  let position = commandPosition(args);
  while (typeof position === "number" && parser !== undefined && parser.commands.length > 0) {
    const word: string | undefined = args[position];
    if (word === undefined || word.startsWith("-")) return args;
    parser = parser.commands.find((each) => each.name() === word);
    position += 1;
    if (parser === undefined) return args.slice(0, position);
  }
  return args;
}

/** Shows what to type if something is missing; undefined for other errors. */
function exampleFor({ code }: CommanderError, command: AnyCommand | undefined, width: number) {
  const isMissing = /\.(missingArgument|missingMandatoryOptionValue)$/.test(code);
  const [example] = command?.examples ?? [];
  return isMissing && example !== undefined ? exampleText([example], width) : undefined;
}

/** The command or option that an error calls unknown; empty for other errors. */
function unknownWord(error: CommanderError): string {
  return unknownFlag(error) ?? /unknown command '([^']*)'/.exec(error.message)?.[1] ?? "";
}

/** The flag in an unknown-option error; null for other errors. */
function unknownFlag({ code, message }: CommanderError): string | null {
  return (code === "commander.unknownOption" && /'(-[^'=]*)/.exec(message)?.[1]) || null;
}
