// Registers a declared command with commander.

import type { Command } from "commander";
import type { AnyCommand, OptionTable } from "./command.js";
import type { ValuesOf } from "./parameter.js";

/** The values of a command's parameters, under their names. */
export type Values = Readonly<Record<string, unknown>>;

/** @param run called with the values when the command line names this command */
export function addCommand(
  program: Command,
  declaration: AnyCommand,
  run: (values: Values, parser: Command) => Promise<void>,
): void {
  const parser = program.command(declaration.name).description(declaration.summary);
  for (const argument of Object.values(declaration.arguments)) parser.addArgument(argument);
  addOptions(parser, declaration.options);
  if (declaration.notes !== undefined) parser.addHelpText("after", `\n${declaration.notes}`);
  const names = Object.keys(declaration.arguments);
  parser.action(() => {
    const words = names.map((name, index) => [name, parser.processedArgs[index]] as const);
    return run({ ...Object.fromEntries(words), ...optionValues(parser, declaration.options) }, parser);
  });
}

export function addOptions(parser: Command, options: OptionTable): void {
  for (const option of Object.values(options)) parser.addOption(option);
}

/** Reads option values after parsing; an absent flag is false. */
export function optionValues<Options extends OptionTable>(
  parser: Command,
  options: Options,
): ValuesOf<Options> {
  const values = Object.entries(options).map(([name, option]) => {
    const value: unknown = parser.getOptionValue(option.attributeName());
    return [name, value ?? (option.isBoolean() ? false : undefined)];
  });
  return Object.fromEntries(values) as ValuesOf<Options>;
}
