// Who agrees to a deletion: --yes, or whoever sits at the terminal.

import type { CommandContext } from "./command-context.js";

/**
 * @param why the part of the question that says what is wrong with the tags: `which no source has`
 * @returns undefined where there is nobody to ask
 */
export function consentToDelete(why: string, yes: boolean | undefined, { confirm }: CommandContext) {
  if (yes === true) return async () => true;
  if (confirm === undefined) return undefined;
  return (target: string, tags: readonly string[]) =>
    confirm(`${tags.join("\n")}\nDelete these ${tags.length} tags of ${target}, ${why}?`);
}
