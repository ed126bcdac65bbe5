// Confirmation of deletions, by --yes or by the user at the terminal.

import type { CommandContext } from "../declaration/command-context.js";
import { flag } from "../declaration/parameter.js";
import { formatCount } from "../render/units.js";

export const YES_OPTION = flag("-y, --yes", "delete without asking for confirmation");

/**
 * @param why a relative clause that explains the deletion: `that no source has`
 * @returns undefined if there is no terminal to ask on
 */
export function confirmDeletion(why: string, yes: boolean, { confirm }: Pick<CommandContext, "confirm">) {
  if (yes) return async () => true;
  if (confirm === undefined) return undefined;
  return (target: string, tags: readonly string[]) =>
    confirm(`${tags.join("\n")}\nDelete ${formatCount(tags.length, "tag")} from ${target} ${why}?`);
}
