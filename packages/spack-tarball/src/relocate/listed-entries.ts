// Finds entries that a layer's build info lists in a tree in memory, by the rules of ListedFiles.

import type { MemoryTree, MemoryTreeEntry } from "@spack-oci/files";
import { escapesPrefix, unusable } from "./listed-errors.js";

/** Links that one path may lead through, as on Linux. */
const MAX_LINKS = 40;

/**
 * The entry at a listed path. Directories on the way may be links to others in the tree; the entry itself is not
 * followed.
 *
 * @returns undefined if the directory does not have it
 * @throws SpackOciError `ERR_LIST_ESCAPES` if the path leaves the tree, `ERR_LISTED_FILE` if its directory does not
 *   exist
 */
export function findListed(tree: MemoryTree, listed: string): MemoryTreeEntry | undefined {
  const direct = tree.get(listed);
  if (direct !== undefined && listed !== "") return direct;
  const components = listed.split("/");
  if (components.some((component) => component === "" || component === "..")) throw escapesPrefix(listed);
  const name = components.pop();
  const directory = resolveDirectory(tree, components, listed);
  return name === "." ? tree.get(directory) : tree.get(joined(directory, name ?? ""));
}

/** The path of a directory without links. */
function resolveDirectory(tree: MemoryTree, components: readonly string[], listed: string): string {
  const left = [...components];
  let place = "";
  let links = 0;
  for (let component = left.shift(); component !== undefined; component = left.shift()) {
    if (component === "." || component === "") continue;
    if (component === "..") {
      if (place === "") throw escapesPrefix(listed);
      place = place.slice(0, Math.max(0, place.lastIndexOf("/")));
      continue;
    }
    const next = joined(place, component);
    const entry = tree.get(next);
    if (entry?.type === "directory") {
      place = next;
    } else if (entry?.type === "symlink") {
      links += 1;
      if (links > MAX_LINKS) throw unusable(listed, "which it does not contain", undefined);
      if (entry.target.startsWith("/")) throw escapesPrefix(listed);
      left.unshift(...entry.target.split("/"));
    } else {
      throw unusable(listed, "which it does not contain", undefined);
    }
  }
  return place;
}

function joined(directory: string, name: string): string {
  return directory === "" ? name : `${directory}/${name}`;
}
