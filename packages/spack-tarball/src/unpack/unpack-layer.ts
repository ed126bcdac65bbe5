// Unpacks a package's layer into a new directory as it arrives.

import { decodeFileName } from "@spack-oci/files";
import { type BuildInfo, prefixOfBuildInfo } from "../build-info/build-info.js";
import { buildInfoBytes, notAPackage } from "../build-info/build-info-member.js";
import { parseBuildInfo } from "../build-info/parse-build-info.js";
import { decompress } from "../compression/decompress.js";
import { escapes, isWithin, normalizeMemberName } from "../tar/member-name.js";
import { readTar, type TarMember } from "../tar/tar-reader.js";
import { Anchor } from "./anchor.js";
import type { OnRefusal } from "./refusals.js";
import { StagingTree } from "./staging-tree.js";

/** What was found in a layer. */
export interface UnpackedLayer {
  readonly buildInfo: BuildInfo;
  /** The prefix in which the package was built, without a leading slash, as member names begin. */
  readonly memberPrefix: string;
}

/** How to unpack. */
export interface UnpackOptions {
  /** Takes the modes and times that the file system refuses; without it a refusal is an error. */
  readonly onRefusal?: OnRefusal;
}

/**
 * Reads a compressed layer to its end and leaves the package's files in `directory`. No layer can make it write anywhere
 * else. After an error the directory may hold anything; the caller removes it.
 *
 * @param layer the compressed bytes; if their digest is wrong, the stream must fail before its end
 * @param directory an absolute path that does not exist yet
 * @throws SpackOciError `ERR_LAYER_ESCAPES`, `ERR_NO_COMMON_PREFIX`, `ERR_NOT_A_PACKAGE`, `ERR_LAYER_UNREADABLE`,
 *   `ERR_TAR_MALFORMED`, `ERR_TAR_TRUNCATED`, `ERR_BUILD_INFO_MALFORMED`, and the errors of `layer`
 */
export async function unpackLayer(
  layer: AsyncIterable<Buffer>,
  directory: string,
  { onRefusal }: UnpackOptions = {},
): Promise<UnpackedLayer> {
  const unpacker = new Unpacker(new StagingTree(directory, onRefusal));
  for await (const member of readTar(decompress(layer))) await unpacker.member(member);
  return unpacker.finish();
}

class Unpacker {
  readonly #tree: StagingTree;
  readonly #anchor = new Anchor();
  /** The shortest prefix with a build info, and its text (Spack: `_ensure_common_prefix`). */
  #buildInfo: { readonly prefix: string; readonly text: string } | undefined;
  /** Names and targets of links that may begin with the old prefix without its leading slash. */
  readonly #links = new Map<string, string>();

  constructor(tree: StagingTree) {
    this.#tree = tree;
  }

  async member(member: TarMember): Promise<void> {
    const { header } = member;
    if (header.type === "other") return;
    const name = normalizeMemberName(header.name);
    if (header.type === "directory") {
      await this.#directory(name);
      return;
    }
    const moved = this.#anchor.seeFile(name);
    if (moved !== undefined) await this.#moveTo(moved);
    const path = this.#below(name);
    this.#links.delete(name);
    switch (header.type) {
      case "file":
        await this.#file(member, name, path);
        break;
      case "hardlink":
        await this.#tree.hardlink(path, this.#below(normalizeMemberName(header.linkName)));
        break;
      case "symlink":
        if (header.linkName.startsWith(`${name.split("/", 1)[0]}/`)) this.#links.set(name, header.linkName);
        await this.#tree.symlink(path, header.linkName);
        break;
    }
  }

  async finish(): Promise<UnpackedLayer> {
    const found = this.#buildInfo;
    if (found === undefined) {
      throw notAPackage();
    }
    const { prefix } = found;
    this.#anchor.confirm(prefix);
    for (const [name, target] of this.#links) {
      if (!isWithin(target, prefix)) continue;
      await this.#tree.symlink(this.#below(name), target.slice(prefix.length).replace(/^\/+/, "") || ".");
    }
    await this.#tree.finish();
    return { buildInfo: parseBuildInfo(found.text), memberPrefix: prefix };
  }

  async #directory(name: string): Promise<void> {
    const moved = this.#anchor.seeDirectory(name);
    if (moved !== undefined) await this.#moveTo(moved);
    const anchor = this.#anchor.directory;
    if (anchor !== undefined && isWithin(name, anchor)) await this.#tree.directory(this.#below(name));
  }

  /** Makes `anchor` the root of the tree, and moves the existing entries to their place below it. */
  async #moveTo(anchor: string): Promise<void> {
    await this.#tree.reroot(anchor);
    for (const name of this.#anchor.directoriesSeen) {
      if (isWithin(name, anchor)) await this.#tree.directory(this.#below(name));
    }
  }

  async #file(member: TarMember, name: string, path: string): Promise<void> {
    const prefix = prefixOfBuildInfo(name);
    if (prefix === undefined) {
      await this.#tree.file(path, member.header, member.content());
      return;
    }
    const bytes = await buildInfoBytes(member);
    if (this.#buildInfo === undefined || prefix.length < this.#buildInfo.prefix.length) {
      this.#buildInfo = { prefix, text: decodeFileName(bytes) };
    }
    await this.#tree.file(path, member.header, [bytes]);
  }

  /** The path of a member below the root of the tree; `""` is the root. */
  #below(name: string): string {
    const anchor = this.#anchor.directory;
    if (anchor === undefined || !isWithin(name, anchor)) throw escapes(name);
    return name.slice(anchor.length + 1);
  }
}
