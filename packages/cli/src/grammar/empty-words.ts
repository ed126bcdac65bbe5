// Refuses empty arguments and options: they come from variables of scripts that are not set, and whatever they are taken
// for, everything, nothing or the current directory, is not what was meant.

import type { Command } from "commander";

/** Ends the command as wrong usage where one of its words is empty. */
export function refuseEmptyWords(command: Command): void {
  for (const [index, argument] of command.registeredArguments.entries()) {
    if (hasEmptyWord(command.processedArgs[index]))
      command.error(`error: argument '${argument.name()}' is empty; is a variable not set?`);
  }
  for (const option of command.options) {
    if (hasEmptyWord(command.getOptionValue(option.attributeName())))
      command.error(`error: option '${option.flags}' is empty; is a variable not set?`);
  }
}

function hasEmptyWord(value: unknown): boolean {
  return [value].flat().some((word) => typeof word === "string" && word.trim() === "");
}
