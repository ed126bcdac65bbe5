// Fits help to the width of the terminal.

import { type Argument, type Command, Help } from "commander";

/** The width of help where there is no terminal. */
const USUAL_WIDTH = 80;
/** Longer lines are hard to read, however wide the terminal is. */
const MAX_WIDTH = 100;
const MIN_WIDTH = 20;
/** A column of descriptions that is narrower than this goes below its terms. */
const MIN_DESCRIPTION_WIDTH = 28;
const INDENT_BELOW = 6;

/** The width for help in characters, on a terminal with this many columns. */
export function helpWidth(columns: number | undefined): number {
  return Math.max(MIN_WIDTH, Math.min(columns || USUAL_WIDTH, MAX_WIDTH));
}

/** The width that a command's help is wrapped to. */
export function widthOf(command: Command): number {
  return command.configureOutput().getOutHelpWidth?.() ?? USUAL_WIDTH;
}

/** Commander wraps nothing below 40 columns, and lists every command as `push [options] ...`. */
export const HELP_LAYOUT: Partial<Help> = {
  minWidthToWrap: MIN_WIDTH,
  subcommandTerm(command) {
    return [command.name(), ...command.registeredArguments.map(bracketed)].join(" ");
  },
  formatItem(...item: Parameters<Help["formatItem"]>) {
    const [term, termWidth, description, helper] = item;
    const width = helper.helpWidth ?? USUAL_WIDTH;
    if (description === "" || width - termWidth - 4 >= MIN_DESCRIPTION_WIDTH)
      return Help.prototype.formatItem.apply(helper, item);
    const indent = " ".repeat(INDENT_BELOW);
    const below = helper.boxWrap(description, width - INDENT_BELOW).replaceAll("\n", `\n${indent}`);
    return `  ${term}\n${indent}${below}`;
  },
};

/** As in the usage: `<mirror>` or `[spec...]`. */
function bracketed(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

/** Wraps each paragraph; line breaks are only kept within {@link isLiteral} ones. */
export function wrapParagraphs(text: string, width: number): string {
  const help = Object.assign(new Help(), { minWidthToWrap: MIN_WIDTH });
  const wrapped = text
    .split("\n\n")
    .map((each) => (isLiteral(each) ? each : help.boxWrap(each.replaceAll("\n", " "), width)));
  return wrapped.join("\n\n");
}

/** Whether a paragraph consists of indented lines, such as commands to copy. */
export function isLiteral(paragraph: string): boolean {
  return paragraph.split("\n").every((line) => line.startsWith("  "));
}
