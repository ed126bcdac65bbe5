// Options of commands that make views.

import { choice } from "../declaration/parameter.js";

/** The names that `spack view` has for its link types (Spack: filesystem_view.py, `_LINK_TYPES`), and shorter ones. */
export const LINK_TYPES = {
  soft: "symlink",
  symlink: "symlink",
  hard: "hardlink",
  hardlink: "hardlink",
  copy: "copy",
} as const;

export const LINK_OPTION = choice(
  "--link <type>",
  "how the files of packages get into the view (default: soft)",
  Object.keys(LINK_TYPES) as readonly (keyof typeof LINK_TYPES)[],
);
