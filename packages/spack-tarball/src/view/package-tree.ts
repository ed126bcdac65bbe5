// The names of a package's directories, links and files, which is all that a view needs.

import { compareFileNames } from "@spack-oci/files";
import { decompress } from "../compression/decompress.js";
import { isWithin, normalizeMemberName, parentOf } from "../tar/member-name.js";
import { readTar } from "../tar/tar-reader.js";
import { noCommonPrefix } from "../unpack/anchor.js";

/** Links that one path may lead through, as on Linux. */
const MAX_LINKS = 40;

type Entry = { readonly type: "directory" | "file" } | { readonly type: "symlink"; readonly target: string };

/** The names below one prefix. Paths are relative to it; `""` is the prefix itself. */
export class PackageTree {
  /** Absolute. */
  readonly prefix: string;
  readonly #entries = new Map<string, Entry>([["", { type: "directory" }]]);
  readonly #children = new Map<string, Set<string>>();

  constructor(prefix: string) {
    this.prefix = prefix;
  }

  add(path: string, entry: Entry): void {
    this.#entries.set(path, entry);
    for (let child = path; child !== ""; child = parentOf(child)) {
      const parent = parentOf(child);
      const siblings = this.#children.get(parent) ?? new Set();
      this.#children.set(parent, siblings.add(child.slice(parent === "" ? 0 : parent.length + 1)));
      if (!this.#entries.has(parent)) this.#entries.set(parent, { type: "directory" });
    }
  }

  typeOf(path: string): Entry["type"] | undefined {
    return this.#entries.get(path)?.type;
  }

  /** Names in a directory, sorted. */
  namesIn(directory: string): string[] {
    return [...(this.#children.get(directory) ?? [])].sort(compareFileNames);
  }

  /** The path without links in it; undefined if it leaves the prefix or does not exist. */
  resolve(path: string): string | undefined {
    const pending = path.split("/").reverse();
    let found = "";
    for (let links = 0; pending.length > 0; ) {
      const name = pending.pop() ?? "";
      if (name === "" || name === ".") continue;
      if (name === ".." && found === "") return undefined;
      const next = name === ".." ? parentOf(found) : found === "" ? name : `${found}/${name}`;
      const entry = this.#entries.get(next);
      if (entry === undefined) return undefined;
      if (entry.type !== "symlink") {
        found = next;
        continue;
      }
      links += 1;
      const target = this.#inside(entry.target);
      if (target === undefined || links > MAX_LINKS) return undefined;
      if (entry.target.startsWith("/")) found = "";
      pending.push(...target.split("/").reverse());
    }
    return found;
  }

  #inside(target: string): string | undefined {
    if (!target.startsWith("/")) return target;
    return isWithin(target, this.prefix) ? target.slice(this.prefix.length + 1) : undefined;
  }
}

/**
 * Reads the names in a package's layer to its end.
 *
 * @param prefix absolute
 * @throws SpackOciError `ERR_NO_COMMON_PREFIX` for a member outside of the prefix, and the errors of `readTar` and
 *   `decompress`
 */
export async function readPackageTree(layer: AsyncIterable<Buffer>, prefix: string): Promise<PackageTree> {
  const tree = new PackageTree(prefix);
  const anchor = prefix.slice(1);
  for await (const { header } of readTar(decompress(layer))) {
    const name = normalizeMemberName(header.name);
    if (header.type === "directory" && isWithin(anchor, name)) continue;
    if (!isWithin(name, anchor)) throw noCommonPrefix(`it has members outside of ${anchor}`, name);
    const path = name.slice(anchor.length + 1);
    if (header.type === "symlink") tree.add(path, { type: "symlink", target: header.linkName });
    else if (header.type !== "other")
      tree.add(path, { type: header.type === "directory" ? "directory" : "file" });
  }
  return tree;
}
