// What manuals say about a command: its arguments and options, from the grammar that parses them.

import type { Argument, Command, Option } from "commander";
import type { AnyCommand } from "../declaration/command.js";

/** What all pages are made from. */
export interface Grammar {
  readonly program: Command;
  readonly commands: readonly AnyCommand[];
}

/** An option as people type it. */
export interface OptionWords {
  /** With its dash, if it has one. */
  readonly short: string | undefined;
  readonly long: string | undefined;
  /** The placeholder of its value; undefined for a flag. */
  readonly value: string | undefined;
  /** A phrase without a period, with the choices and the default. */
  readonly text: string;
}

/** @throws RangeError if the program has no such command */
export function parserOf(program: Command, name: string): Command {
  const found = name
    .split(" ")
    .reduce<Command | undefined>(
      (parser, word) => parser?.commands.find((each) => each.name() === word),
      program,
    );
  if (found === undefined) throw new RangeError(`The program has no command ${name}.`);
  return found;
}

/** The options of a command that are not global. */
export function ownOptions(program: Command, parser: Command): readonly Option[] {
  const globals = new Set(program.options.map(({ description }) => description));
  return parser.options.filter(({ hidden, description }) => !hidden && !globals.has(description));
}

export function optionWords({
  short,
  long,
  flags,
  description,
  argChoices,
  defaultValue,
}: Option): OptionWords {
  const choices = argChoices === undefined ? "" : `; one of ${argChoices.join(", ")}`;
  const usual = defaultValue === undefined ? "" : `; default: ${String(defaultValue)}`;
  return { short, long, value: /<(.*)>/.exec(flags)?.[1], text: `${description}${choices}${usual}` };
}

/** A command line without its options: `pull <mirror> [spec...]`. */
export function synopsis(name: string, parser: Command): string {
  return [name, ...parser.registeredArguments.map(argumentWords)].join(" ");
}

function argumentWords(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}
