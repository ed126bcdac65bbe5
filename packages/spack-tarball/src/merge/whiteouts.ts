// Members that remove something from the layers below (OCI image specification, layer.md, "Whiteouts").

import { parentOf } from "../tar/member-name.js";

const MARK = ".wh.";
const OPAQUE = ".wh..wh..opq";

/** Removes from the layers below a path with everything in it, or everything in a directory. */
export interface Whiteout {
  readonly kind: "path" | "opaque";
  readonly of: string;
}

/** @returns undefined for a member that is not a whiteout */
export function whiteoutIn(name: string): Whiteout | undefined {
  const parent = parentOf(name);
  const base = name.slice(parent === "" ? 0 : parent.length + 1);
  if (base === OPAQUE) return { kind: "opaque", of: parent };
  // Other names that begin with the mark twice are leftovers of a file system and remove nothing.
  if (!base.startsWith(MARK) || base.startsWith(MARK + MARK)) return undefined;
  const hidden = base.slice(MARK.length);
  return { kind: "path", of: parent === "" ? hidden : `${parent}/${hidden}` };
}

/** The member that hides everything that the layers below have in a directory. */
export function opaqueName(directory: string): string {
  return `${directory}/${OPAQUE}`;
}
