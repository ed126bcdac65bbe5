// Options of commands that make views.

import { choice } from "../declaration/parameter.js";

/** The names that `spack view` has for its link types (Spack: filesystem_view.py, `_LINK_TYPES`), and shorter ones. */
const LINK_TYPES = {
  soft: "symlink",
  symlink: "symlink",
  hard: "hardlink",
  hardlink: "hardlink",
  copy: "copy",
} as const;

/** A value of {@link LINK_OPTION}. */
export type LinkName = keyof typeof LINK_TYPES;

export const LINK_OPTION = choice(
  "--link <type>",
  "how the files of packages get into the view (default: soft)",
  Object.keys(LINK_TYPES) as readonly LinkName[],
);

/** The link type that a user named, or the default. */
export function linkTypeOf(name: LinkName | undefined): (typeof LINK_TYPES)[LinkName] {
  return LINK_TYPES[name ?? "soft"];
}
