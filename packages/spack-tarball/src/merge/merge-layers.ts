// Merges layers into one, so that an image stays within the number of layers that container engines can stack.

import { SpackOciError } from "@spack-oci/errors";
import { decompress } from "../compression/decompress.js";
import { archiveChunks } from "../tar/archive-chunks.js";
import { MAX_MERGED_NAMES, MERGED_NAME_OVERHEAD } from "../tar/limits.js";
import { normalizeMemberName } from "../tar/member-name.js";
import { paddingAfter } from "../tar/tar-entry.js";
import { readTar, type TarMember } from "../tar/tar-reader.js";
import { formatDirectoryHeader, formatTarHeader } from "../tar/write-header.js";
import { KeptNames } from "../unpack/kept-names.js";
import { LayerPaths } from "./layer-paths.js";
import { opaqueName, type Whiteout, whiteoutIn } from "./whiteouts.js";

/** Opens a compressed layer; may be called again. */
export type LayerSource = () => AsyncIterable<Buffer> | Promise<AsyncIterable<Buffer>>;

/**
 * The archive of a layer that unpacks to the same tree as `layers` in sequence, on top of any other layers. Members
 * keep their headers. Each path occurs once, as in the topmost layer that has it. Layers are streamed from the top
 * down: the names of their members are kept in memory, their content is not.
 *
 * @param layers the lowest first
 * @throws SpackOciError `ERR_LAYERS_UNMERGEABLE` (`unsupported`) for a tree that one layer cannot express,
 *   `ERR_TAR_MALFORMED` for more names than fit in memory, and the errors of `readTar` and `decompress`
 */
export function mergeLayers(layers: readonly LayerSource[]): AsyncGenerator<Buffer, void, undefined> {
  return archiveChunks(membersOf(layers));
}

async function* membersOf(layers: readonly LayerSource[]): AsyncGenerator<Buffer, void, undefined> {
  // All layers share one limit, and so does what one of them lists in places that others hide.
  const names = new KeptNames({ limit: MAX_MERGED_NAMES, overhead: MERGED_NAME_OVERHEAD });
  const above = new LayerPaths();
  for (const layer of layers.toReversed()) {
    const own = new LayerPaths();
    yield* new LayerMerge(layer, { above, own, names }).members();
    above.addAll(own);
  }
}

/** The paths of the layers so far, and of the one that follows. */
interface MergeState {
  readonly above: LayerPaths;
  readonly own: LayerPaths;
  readonly names: KeptNames;
}

/** One layer below those that are merged already. */
class LayerMerge {
  readonly #layer: LayerSource;
  readonly #above: LayerPaths;
  /** What this layer lists. It hides nothing in the layer itself. */
  readonly #own: LayerPaths;
  /**
   * For each name in this layer: its file, and the name of that file in the result, undefined if it is not there yet.
   */
  readonly #emitted = new Map<string, { name: string | undefined; readonly file: string }>();

  readonly #names: KeptNames;

  constructor(layer: LayerSource, { above, own, names }: MergeState) {
    this.#layer = layer;
    this.#above = above;
    this.#own = own;
    this.#names = names;
  }

  async *members(): AsyncGenerator<Buffer, void, undefined> {
    for await (const member of readTar(decompress(await this.#layer()))) {
      const name = normalizeMemberName(member.header.name);
      this.#names.add(name);
      const whiteout = whiteoutIn(name);
      if (whiteout !== undefined) yield* this.#whiteout(whiteout, member);
      else if (member.header.type === "directory") yield* this.#directory(name, member);
      else yield* this.#file(name, member);
    }
  }

  async *#directory(name: string, member: TarMember): AsyncGenerator<Buffer, void, undefined> {
    this.#own.addDirectory(name);
    const isHidden = this.#above.removes(name) || this.#above.hasFile(name) || this.#above.hasDirectory(name);
    if (!isHidden) yield blocksOf(member);
  }

  async *#file(name: string, member: TarMember): AsyncGenerator<Buffer, void, undefined> {
    this.#own.addFile(name);
    const isRemoved = this.#above.removes(name) || this.#above.hasFile(name);
    if (!isRemoved && this.#above.hasDirectory(name)) yield* this.#hideBelow(name);
    else if (!isRemoved && this.#above.hasChildren(name)) throw unmergeable(name, IN_THE_WAY);
    const isHidden = isRemoved || this.#above.hasDirectory(name);
    if (member.header.type === "hardlink") yield* this.#hardlink(name, member, isHidden);
    else {
      this.#emitted.set(name, { name: isHidden ? undefined : name, file: name });
      if (!isHidden) yield* withContent(blocksOf(member), member);
    }
  }

  /** A hard link refers to a file of its own layer. If that is hidden, the first visible link becomes the file. */
  async *#hardlink(
    name: string,
    member: TarMember,
    isHidden: boolean,
  ): AsyncGenerator<Buffer, void, undefined> {
    const target = normalizeMemberName(member.header.linkName);
    const linked = this.#emitted.get(target);
    if (linked === undefined)
      throw unmergeable(name, `links to ${target}, which does not come before it in its layer`);
    this.#emitted.set(name, linked);
    if (isHidden) return;
    if (linked.name === target) yield blocksOf(member);
    else if (linked.name !== undefined)
      yield formatTarHeader({ ...member.header, name, type: "hardlink", linkName: linked.name });
    else {
      linked.name = name;
      yield* this.#rereadFile(linked.file, name);
    }
  }

  /** Reads the layer again for a file that was skipped. */
  async *#rereadFile(file: string, name: string): AsyncGenerator<Buffer, void, undefined> {
    for await (const member of readTar(decompress(await this.#layer()))) {
      const { type, mode, size } = member.header;
      if (normalizeMemberName(member.header.name) !== file || type === "directory") continue;
      if (type !== "file") throw unmergeable(name, "is a hard link to something that is not a file");
      yield* withContent(formatTarHeader({ name, type, mode, size, linkName: "" }), member);
      return;
    }
  }

  async *#whiteout(whiteout: Whiteout, member: TarMember): AsyncGenerator<Buffer, void, undefined> {
    const { kind, of } = whiteout;
    this.#own.addWhiteout(whiteout);
    if (this.#above.removes(of) || this.#above.hasFile(of)) return;
    const isThere = this.#above.hasDirectory(of) || this.#above.hasChildren(of);
    if (kind === "path" && isThere) yield* this.#hideBelow(of);
    else if (kind === "path" || !this.#above.isOpaque(of)) yield* withContent(blocksOf(member), member);
  }

  /** A directory of the layers above replaces something else here, so it must hide everything below. */
  async *#hideBelow(directory: string): AsyncGenerator<Buffer, void, undefined> {
    if (!this.#above.hasDirectory(directory)) {
      this.#own.addDirectory(directory);
      yield formatDirectoryHeader(directory);
    }
    if (this.#above.isOpaque(directory)) return;
    this.#own.addWhiteout({ kind: "opaque", of: directory });
    yield formatTarHeader({ name: opaqueName(directory), type: "file", mode: 0o644, size: 0, linkName: "" });
  }
}

const IN_THE_WAY =
  "is not a directory, but a layer above has something in it without listing it as a directory";

async function* withContent(blocks: Buffer, member: TarMember): AsyncGenerator<Buffer, void, undefined> {
  yield blocks;
  yield* member.content();
  yield Buffer.alloc(paddingAfter(member.header.size));
}

function blocksOf({ blocks, header }: TarMember): Buffer {
  if (blocks !== undefined) return blocks;
  throw unmergeable(
    header.name,
    "is described by a global header, which would apply to the members of other layers",
  );
}

function unmergeable(name: string, why: string): SpackOciError {
  return new SpackOciError("ERR_LAYERS_UNMERGEABLE", `The layers cannot be merged: ${name} ${why}.`, {
    kind: "unsupported",
    place: name,
    hint: "Spack does not write such layers. Choose fewer packages, or allow more layers.",
  });
}
