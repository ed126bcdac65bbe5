// Unpacks a package's layer into a tree in memory. It accepts and rejects the same layers as unpackLayer.

import { decodeFileName, type MemoryTree } from "@spack-oci/files";
import { prefixOfBuildInfo } from "../build-info/build-info.js";
import { notAPackage, requireBuildInfoSize } from "../build-info/build-info-member.js";
import { parseBuildInfo } from "../build-info/parse-build-info.js";
import { type ArchiveMember, readArchive } from "../tar/archive-members.js";
import { isWithin, normalizeMemberName } from "../tar/member-name.js";
import { Anchor } from "./anchor.js";
import { KeptNames } from "./kept-names.js";
import { TreeBuilder } from "./tree-builder.js";
import type { LayerOrigin } from "./unpack-layer.js";

/** A package in memory. */
export interface PackageInMemory extends LayerOrigin {
  readonly tree: MemoryTree;
}

/**
 * @param archive the decompressed layer; the tree takes its memory over
 * @param root path of the directory that the tree will be written to
 * @throws SpackOciError as `unpackLayer` does
 */
export function unpackInMemory(archive: Buffer, root: string): PackageInMemory {
  const unpacker = new Unpacker();
  readArchive(archive, (member) => unpacker.member(member));
  return unpacker.finish(root);
}

class Unpacker {
  readonly #tree = new TreeBuilder();
  readonly #names = new KeptNames();
  readonly #anchor = new Anchor(this.#names);
  /** The shortest prefix with a build info, and its text (Spack: `_ensure_common_prefix`). */
  #buildInfo: { readonly prefix: string; readonly text: string } | undefined;
  /** Names and targets of links that may begin with the old prefix without its leading slash. */
  readonly #links = new Map<string, string>();

  member({ header, content }: ArchiveMember): void {
    if (header.type === "other") return;
    const name = normalizeMemberName(header.name);
    if (header.type === "directory") {
      this.#anchor.seeDirectory(name);
      return;
    }
    this.#anchor.seeFile(name);
    this.#links.delete(name);
    switch (header.type) {
      case "file":
        this.#seeBuildInfo(name, content);
        this.#tree.file(name, header, content);
        break;
      case "hardlink":
        this.#tree.hardlink(name, normalizeMemberName(header.linkName));
        break;
      case "symlink":
        if (header.linkName.startsWith(`${name.split("/", 1)[0]}/`)) this.#links.set(name, header.linkName);
        this.#tree.symlink(name, header.linkName);
        break;
    }
  }

  finish(root: string): PackageInMemory {
    const found = this.#buildInfo;
    if (found === undefined) throw notAPackage();
    const { prefix } = found;
    // Those that are not within the prefix are above it, or the anchor rejects the layer.
    for (const name of this.#anchor.takeDirectories()) this.#tree.directory(name);
    this.#anchor.confirm(prefix);
    for (const [name, target] of this.#links) {
      if (!isWithin(target, prefix)) continue;
      this.#tree.symlink(name, target.slice(prefix.length).replace(/^\/+/, "") || ".");
    }
    const tree = this.#tree.finish(prefix, root);
    return { buildInfo: parseBuildInfo(found.text), memberPrefix: prefix, tree };
  }

  #seeBuildInfo(name: string, content: Buffer): void {
    const prefix = prefixOfBuildInfo(name);
    if (prefix === undefined) return;
    requireBuildInfoSize(name, content.length);
    if (this.#buildInfo !== undefined && prefix.length >= this.#buildInfo.prefix.length) return;
    this.#buildInfo = { prefix, text: decodeFileName(content) };
  }
}
