// Unpacks a package's layer into a new directory as it arrives.

import { decodeFileName, MemoryFile, type OnRefusal, Turns } from "@spack-oci/files";
import { type BuildInfo, prefixOfBuildInfo } from "../build-info/build-info.js";
import { buildInfoBytes, notAPackage } from "../build-info/build-info-member.js";
import { parseBuildInfo } from "../build-info/parse-build-info.js";
import { streamOf } from "../compression/codec.js";
import { isWithin, normalizeMemberName } from "../tar/member-name.js";
import { readTar, type TarMember } from "../tar/tar-reader.js";
import { Anchor } from "./anchor.js";
import type { EntryContent, EntryWriter } from "./entry-writer.js";
import { KeptNames } from "./kept-names.js";
import { type LayerArchive, openArchive } from "./layer-archive.js";
import { PlainWriter } from "./plain-writer.js";
import { StagingTree } from "./staging-tree.js";

/** What a layer says about its package. */
export interface LayerOrigin {
  readonly buildInfo: BuildInfo;
  /** The prefix in which the package was built, without a leading slash, as member names begin. */
  readonly memberPrefix: string;
}

/** What was found in a layer. */
export interface UnpackedLayer extends LayerOrigin {
  /** Digest of the decompressed layer (OCI image specification, "Layer DiffID"). */
  readonly diffId: string;
}

/** How to unpack. */
export interface UnpackOptions {
  /** Takes the modes and times that the file system refuses; without it a refusal is an error. */
  readonly onRefusal?: OnRefusal;
}

/**
 * Leaves the package's files in `directory` as they are in its layer.
 *
 * @throws SpackOciError as {@link openArchive} and {@link streamPackage}
 */
export async function unpackLayer(
  layer: AsyncIterable<Buffer>,
  directory: string,
  { onRefusal }: UnpackOptions = {},
): Promise<UnpackedLayer> {
  const writer = new PlainWriter(onRefusal);
  return streamPackage(openArchive(layer), {
    directory,
    writer,
    finishDirectory: (path) => writer.finish(path),
  });
}

/** Where a package goes. */
export interface StreamTarget {
  /** An absolute path that does not exist yet. */
  readonly directory: string;
  /** Creates the entries. */
  readonly writer: EntryWriter;
  /** Called for each directory when everything is in place, from the deepest to the root. */
  readonly finishDirectory?: ((path: string | Buffer) => void) | undefined;
}

/**
 * Reads an archive to its end and hands on the package's entries as they arrive. No layer can make it write
 * outside of the directory. After an error the directory may hold anything; the caller removes it.
 *
 * @throws SpackOciError `ERR_LAYER_ESCAPES`, `ERR_NO_COMMON_PREFIX`, `ERR_NOT_A_PACKAGE`, `ERR_TAR_MALFORMED`,
 *   `ERR_TAR_TRUNCATED`, `ERR_PATH_TOO_LONG`, `ERR_BUILD_INFO_MALFORMED`, and the errors of the archive and of the
 *   writer
 */
export async function streamPackage(
  archive: LayerArchive,
  { directory, writer, finishDirectory }: StreamTarget,
): Promise<UnpackedLayer> {
  const names = new KeptNames();
  const tree = new StagingTree(directory, { names, writer });
  const unpacker = new Unpacker(tree, names);
  // Members may arrive faster than they are written.
  const turns = new Turns();
  // Each member is written before the next is read.
  for await (const member of readTar(archive.chunks, { isTransient: true })) {
    if (turns.isOver) await turns.yield();
    await unpacker.member(member);
  }
  const found = unpacker.finish();
  if (finishDirectory !== undefined) tree.eachDirectory(finishDirectory);
  return { ...found, diffId: archive.diffId() };
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
      this.#directory(name);
      return;
    }
    const moved = this.#anchor.seeFile(name);
    if (moved !== undefined) {
      this.#tree.reroot(moved);
      this.#makeDirectories();
    }
    this.#links.delete(name);
    switch (header.type) {
      case "file":
        await this.#file(member, name);
        break;
      case "hardlink":
        this.#tree.hardlink(name, normalizeMemberName(header.linkName));
        break;
      case "symlink":
        if (header.linkName.startsWith(`${name.split("/", 1)[0]}/`)) {
          this.#names.add(name + header.linkName);
          this.#links.set(name, header.linkName);
        }
        this.#tree.symlink(name, header.linkName);
        break;
    }
  }

  finish(): LayerOrigin {
    const found = this.#buildInfo;
    if (found === undefined) {
      throw notAPackage();
    }
    const { prefix } = found;
    this.#anchor.confirm(prefix);
    for (const [name, target] of this.#links) {
      if (!isWithin(target, prefix)) continue;
      this.#tree.symlink(name, target.slice(prefix.length).replace(/^\/+/, "") || ".");
    }
    return { buildInfo: parseBuildInfo(found.text), memberPrefix: prefix };
  }

  #directory(name: string): void {
    const moved = this.#anchor.seeDirectory(name);
    if (moved !== undefined) this.#tree.reroot(moved);
    if (this.#anchor.directory !== undefined) this.#makeDirectories();
  }

  #makeDirectories(): void {
    for (const name of this.#anchor.takeDirectories()) this.#tree.directory(name);
  }

  async #file(member: TarMember, name: string): Promise<void> {
    const prefix = prefixOfBuildInfo(name);
    if (prefix === undefined) {
      await this.#tree.file(name, member.header, contentOf(member));
      return;
    }
    const bytes = await buildInfoBytes(member);
    if (this.#buildInfo === undefined || prefix.length < this.#buildInfo.prefix.length) {
      this.#buildInfo = { prefix, text: decodeFileName(bytes) };
    }
    await this.#tree.file(
      name,
      member.header,
      contentOf({ content: () => streamOf(bytes), bytes: async () => bytes }),
    );
  }
}

function contentOf(member: Pick<TarMember, "content" | "bytes">): EntryContent {
  return {
    chunks: () => member.content(),
    inMemory: async () => new MemoryFile(await member.bytes()),
  };
}
