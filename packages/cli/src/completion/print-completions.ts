// Answers a shell that asks what can follow: one candidate per line, with its summary behind a tab.

import { Command, CommanderError } from "commander";
import { addOptions, optionValues } from "../declaration/add-command.js";
import { SPACK_OPTIONS, sessionOptions } from "../options/spack.js";
import type { Console } from "../process/console.js";
import { BUILDCACHE_WORDS, translateWords } from "../words/words-of-spack.js";
import { complete } from "./complete.js";
import { knownNames, type SpackChoice } from "./known-names.js";
import { PATH_LINES } from "./scripts.js";

/**
 * @param typed the words after the program's name; the last one, which may be empty, is being typed
 * @param load the program, with the commands that the words need
 */
export async function printCompletions(
  typed: readonly string[],
  load: (words: readonly string[]) => Promise<Command>,
  { stdout, environment }: Console,
): Promise<void> {
  const current = typed.at(-1) ?? "";
  const words = typed.slice(0, -1);
  const translated = translateWords(words);
  const known = await knownNames(environment, spackChoice(translated));
  const program = withSpacksWords(await load(translated));
  const { candidates, paths } = complete(program, { words: translated, current }, known);
  for (const { text, summary } of candidates) stdout.write(`${text}\t${summary.replaceAll(/\s+/g, " ")}\n`);
  if (paths !== undefined) stdout.write(`${PATH_LINES[paths]}\n`);
}

/** Adds words that are translated before they are parsed, so that the grammar does not have them. */
function withSpacksWords(program: Command): Command {
  const buildcache = program.commands.find((each) => each.name() === "buildcache");
  for (const [word, command] of BUILDCACHE_WORDS)
    buildcache?.command(word).description(`The same as spack-oci ${command}.`);
  program.command("help").description("Show the help of a command.");
  return program;
}

/** Which Spack the words choose, as far as they can be parsed. */
function spackChoice(words: readonly string[]): SpackChoice {
  const silent = { writeOut() {}, writeErr() {} };
  const parser = new Command().exitOverride().configureOutput(silent);
  addOptions(parser, SPACK_OPTIONS);
  try {
    parser.parseOptions([...words]);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
  }
  return sessionOptions(optionValues(parser, SPACK_OPTIONS));
}
