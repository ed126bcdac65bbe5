// Registers a declared command with commander.

import type { Command } from "commander";
import type { AnyCommand, OptionTable } from "./command.js";
import { exampleText } from "./examples.js";
import { widthOf, wrapParagraphs } from "./help-layout.js";
import type { ValuesOf } from "./parameter.js";

/** The values of a command's parameters, under their names. */
export type Values = Readonly<Record<string, unknown>>;

/**
 * @param run called with the values when the command line names this command
 * @returns the parser of the command
 */
export function addCommand(
  program: Command,
  declaration: AnyCommand,
  run: (values: Values, parser: Command) => Promise<void>,
): Command {
  const parser = commandAt(program, declaration.name)
    .description(declaration.summary)
    .helpOption("-h, --help", "show this help")
    .showHelpAfterError(`Run 'spack-oci ${declaration.name} --help' for usage.`);
  for (const argument of Object.values(declaration.arguments)) parser.addArgument(argument);
  addOptions(parser, declaration.options);
  parser.addHelpText("after", () => `\n${exampleText(declaration.examples, widthOf(parser))}`);
  const { notes } = declaration;
  if (notes !== undefined) parser.addHelpText("after", () => `\n${wrapParagraphs(notes, widthOf(parser))}`);
  const names = Object.keys(declaration.arguments);
  parser.action(() => {
    const words = names.map((name, index) => [name, parser.processedArgs[index]] as const);
    return run({ ...Object.fromEntries(words), ...optionValues(parser, declaration.options) }, parser);
  });
  return parser;
}

/** What help says of the first word of two. */
const GROUPS: Readonly<Record<string, string>> = {
  buildcache: "Spack's words for commands of spack-oci.",
  mirror: "Add, list, change or remove mirrors in Spack's configuration.",
};

/** The parser of a new command. The first of two words is a group, such as `mirror` of `mirror add`. */
function commandAt(program: Command, name: string): Command {
  const [group, member] = name.split(" ");
  if (group === undefined || member === undefined) return program.command(name);
  const known = program.commands.find((each) => each.name() === group);
  const parser = known ?? program.command(group).usage("<command> [options]").helpCommand(false);
  return parser.description(GROUPS[group] ?? "").command(member);
}

export function addOptions(parser: Command, options: OptionTable): void {
  for (const option of Object.values(options)) parser.addOption(option);
}

/** Reads option values after parsing; an absent flag is false. `--no-x` is true if it was given. */
export function optionValues<Options extends OptionTable>(
  parser: Command,
  options: Options,
): ValuesOf<Options> {
  const values = Object.entries(options).map(([name, option]) => {
    const value: unknown = parser.getOptionValue(option.attributeName());
    if (option.negate) return [name, value === false];
    return [name, value ?? (option.isBoolean() ? false : undefined)];
  });
  return Object.fromEntries(values) as ValuesOf<Options>;
}
