// Refuses empty arguments and options: they come from variables of scripts that are not set, and whatever they are taken
// for, everything, nothing or the current directory, is not what was meant.

import type { Command } from "commander";

/** Ends the command as wrong usage where one of its words is empty. */
export function rejectEmptyArguments(command: Command): void {
  for (const [index, argument] of command.registeredArguments.entries()) {
    if (isEmpty(command.processedArgs[index]))
      command.error(`error: argument '${argument.name()}' is empty; is a variable not set?`);
  }
  for (const option of command.options) {
    if (isEmpty(command.getOptionValue(option.attributeName())))
      command.error(`error: option '${option.flags}' is empty; is a variable not set?`);
  }
}

function isEmpty(value: unknown): boolean {
  return [value].flat().some((word) => typeof word === "string" && word.trim() === "");
}
