// Who agrees to a deletion: --yes, or whoever sits at the terminal.

import type { CommandContext } from "../declaration/command-context.js";
import { flag } from "../declaration/parameter.js";

export const YES_OPTION = flag("-y, --yes", "delete without asking");

/**
 * @param why the part of the question that says what is wrong with the tags: `which no source has`
 * @returns undefined where there is nobody to ask
 */
export function confirmDeletion(why: string, yes: boolean, { confirm }: Pick<CommandContext, "confirm">) {
  if (yes) return async () => true;
  if (confirm === undefined) return undefined;
  return (target: string, tags: readonly string[]) =>
    confirm(`${tags.join("\n")}\nDelete these ${tags.length} tags of ${target}, ${why}?`);
}
