// Members that say what a layer removes from those below it (OCI image specification, layer.md "Whiteouts").

import { parentOf } from "../tar/member-name.js";

const MARK = ".wh.";
const OPAQUE = ".wh..wh..opq";

/** What a whiteout removes from the layers below: a path with all that is under it, or all that is under a directory. */
export interface Whiteout {
  readonly kind: "path" | "opaque";
  readonly of: string;
}

/** @returns undefined for a member that is no whiteout */
export function whiteoutIn(name: string): Whiteout | undefined {
  const parent = parentOf(name);
  const base = name.slice(parent === "" ? 0 : parent.length + 1);
  if (base === OPAQUE) return { kind: "opaque", of: parent };
  // Other names that begin with the mark twice are left-overs of a file system, and remove nothing.
  if (!base.startsWith(MARK) || base.startsWith(MARK + MARK)) return undefined;
  const hidden = base.slice(MARK.length);
  return { kind: "path", of: parent === "" ? hidden : `${parent}/${hidden}` };
}

/** The member that hides everything that layers below have under a directory. */
export function opaqueName(directory: string): string {
  return `${directory}/${OPAQUE}`;
}
