// Rejects empty arguments and options. They usually come from an unset variable in a script, and no reading of them
// (everything, nothing, the current directory) is what its author meant.

import type { Command } from "commander";

/** Reports a usage error if an argument or option of the command is empty. */
export function rejectEmptyArguments(command: Command): void {
  for (const [index, argument] of command.registeredArguments.entries()) {
    if (isEmpty(command.processedArgs[index]))
      command.error(`error: argument '${argument.name()}' is empty; is a variable unset?`);
  }
  for (const option of command.options) {
    if (isEmpty(command.getOptionValue(option.attributeName())))
      command.error(`error: option '${option.flags}' is empty; is a variable unset?`);
  }
}

function isEmpty(value: unknown): boolean {
  return [value].flat().some((word) => typeof word === "string" && word.trim() === "");
}
