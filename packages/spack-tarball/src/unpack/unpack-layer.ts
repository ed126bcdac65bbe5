// Unpacks a package's layer into a new directory as it arrives.

import { decodeFileName, type OnRefusal } from "@spack-oci/files";
import { type BuildInfo, prefixOfBuildInfo } from "../build-info/build-info.js";
import { buildInfoBytes, notAPackage } from "../build-info/build-info-member.js";
import { parseBuildInfo } from "../build-info/parse-build-info.js";
import { decompress } from "../compression/decompress.js";
import { isWithin, normalizeMemberName } from "../tar/member-name.js";
import { readTar, type TarMember } from "../tar/tar-reader.js";
import { Anchor } from "./anchor.js";
import { KeptNames } from "./kept-names.js";
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
 * Reads a compressed layer to its end and leaves the package's files in `directory`. No layer can make it write
 * anywhere else. After an error the directory may hold anything; the caller removes it.
 *
 * @param layer the compressed bytes; if their digest is wrong, the stream must fail before its end
 * @param directory an absolute path that does not exist yet
 * @throws SpackOciError `ERR_LAYER_ESCAPES`, `ERR_NO_COMMON_PREFIX`, `ERR_NOT_A_PACKAGE`, `ERR_LAYER_UNREADABLE`,
 *   `ERR_TAR_MALFORMED`, `ERR_TAR_TRUNCATED`, `ERR_PATH_TOO_LONG`, `ERR_BUILD_INFO_MALFORMED`, and the errors of
 *   `layer`
 */
export async function unpackLayer(
  layer: AsyncIterable<Buffer>,
  directory: string,
  { onRefusal }: UnpackOptions = {},
): Promise<UnpackedLayer> {
  const names = new KeptNames();
  const unpacker = new Unpacker(new StagingTree(directory, { names, onRefusal }), names);
  for await (const member of readTar(decompress(layer))) await unpacker.member(member);
  return unpacker.finish();
}

class Unpacker {
  readonly #tree: StagingTree;
  readonly #names: KeptNames;
  readonly #anchor: Anchor;
  /** The shortest prefix with a build info, and its text (Spack: `_ensure_common_prefix`). */
  #buildInfo: { readonly prefix: string; readonly text: string } | undefined;
  /** Names and targets of links that may begin with the old prefix without its leading slash. */
  readonly #links = new Map<string, string>();

  constructor(tree: StagingTree, names: KeptNames) {
    this.#tree = tree;
    this.#names = names;
    this.#anchor = new Anchor(names);
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
    if (moved !== undefined) {
      await this.#tree.reroot(moved);
      await this.#makeDirectories();
    }
    this.#links.delete(name);
    switch (header.type) {
      case "file":
        await this.#file(member, name);
        break;
      case "hardlink":
        await this.#tree.hardlink(name, normalizeMemberName(header.linkName));
        break;
      case "symlink":
        if (header.linkName.startsWith(`${name.split("/", 1)[0]}/`)) {
          this.#names.add(name + header.linkName);
          this.#links.set(name, header.linkName);
        }
        await this.#tree.symlink(name, header.linkName);
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
      await this.#tree.symlink(name, target.slice(prefix.length).replace(/^\/+/, "") || ".");
    }
    await this.#tree.finish();
    return { buildInfo: parseBuildInfo(found.text), memberPrefix: prefix };
  }

  async #directory(name: string): Promise<void> {
    const moved = this.#anchor.seeDirectory(name);
    if (moved !== undefined) await this.#tree.reroot(moved);
    if (this.#anchor.directory !== undefined) await this.#makeDirectories();
  }

  async #makeDirectories(): Promise<void> {
    for (const name of this.#anchor.takeDirectories()) await this.#tree.directory(name);
  }

  async #file(member: TarMember, name: string): Promise<void> {
    const prefix = prefixOfBuildInfo(name);
    if (prefix === undefined) {
      await this.#tree.file(name, member.header, member.content());
      return;
    }
    const bytes = await buildInfoBytes(member);
    if (this.#buildInfo === undefined || prefix.length < this.#buildInfo.prefix.length) {
      this.#buildInfo = { prefix, text: decodeFileName(bytes) };
    }
    await this.#tree.file(name, member.header, [bytes]);
  }
}
