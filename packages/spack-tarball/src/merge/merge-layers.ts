// Makes one layer of several, so that an image keeps to the number of layers that container engines can stack.

import { SpackOciError } from "@spack-oci/errors";
import { decompress } from "../compression/decompress.js";
import { archiveChunks } from "../tar/archive-chunks.js";
import { normalizeMemberName } from "../tar/member-name.js";
import { paddingAfter } from "../tar/tar-entry.js";
import { readTar, type TarMember } from "../tar/tar-reader.js";
import { formatDirectoryHeader, formatTarHeader } from "../tar/write-header.js";
import { LayerPaths } from "./layer-paths.js";
import { opaqueName, type Whiteout, whiteoutIn } from "./whiteouts.js";

/** Opens a compressed layer; it may be opened again. */
export type LayerSource = () => AsyncIterable<Buffer> | Promise<AsyncIterable<Buffer>>;

/**
 * The archive of a layer that unpacks to the same tree as `layers` one after another, whatever lies below them. Members keep
 * their headers; each path is there once, as the topmost layer has it. Layers are streamed from the topmost down: the names
 * of their members are held, their content is not.
 *
 * @param layers the lowest first
 * @throws SpackOciError `ERR_LAYERS_UNMERGEABLE` (`unsupported`) for what depends on the order in a way that one layer
 *   cannot say, and the errors of `readTar` and `decompress`
 */
export function mergeLayers(layers: readonly LayerSource[]): AsyncGenerator<Buffer, void, undefined> {
  return archiveChunks(membersOf(layers));
}

async function* membersOf(layers: readonly LayerSource[]): AsyncGenerator<Buffer, void, undefined> {
  const above = new LayerPaths();
  for (const layer of layers.toReversed()) {
    const own = new LayerPaths();
    yield* new LayerMerge(layer, above, own).members();
    above.addAll(own);
  }
}

/** One layer under those that were merged already. */
class LayerMerge {
  readonly #layer: LayerSource;
  readonly #above: LayerPaths;
  /** What this layer lists; it hides nothing in the layer itself. */
  readonly #own: LayerPaths;
  /** Under which name a file is in the result that a name of this layer stands for; undefined where it is not in it. */
  readonly #emitted = new Map<string, { name: string | undefined; readonly file: string }>();

  constructor(layer: LayerSource, above: LayerPaths, own: LayerPaths) {
    this.#layer = layer;
    this.#above = above;
    this.#own = own;
  }

  async *members(): AsyncGenerator<Buffer, void, undefined> {
    for await (const member of readTar(decompress(await this.#layer()))) {
      const name = normalizeMemberName(member.header.name);
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

  /** A link stands for a file of its own layer. Where that file is hidden, the first link that is not becomes the file. */
  async *#hardlink(
    name: string,
    member: TarMember,
    isHidden: boolean,
  ): AsyncGenerator<Buffer, void, undefined> {
    const target = normalizeMemberName(member.header.linkName);
    const stands = this.#emitted.get(target);
    if (stands === undefined) throw unmergeable(name, `links to ${target}, which its layer has not listed`);
    this.#emitted.set(name, stands);
    if (isHidden) return;
    if (stands.name === target) yield blocksOf(member);
    else if (stands.name !== undefined)
      yield formatTarHeader({ ...member.header, name, type: "hardlink", linkName: stands.name });
    else {
      stands.name = name;
      yield* this.#fileAgain(stands.file, name);
    }
  }

  /** Reads the layer once more for a file that was passed over. */
  async *#fileAgain(file: string, name: string): AsyncGenerator<Buffer, void, undefined> {
    for await (const member of readTar(decompress(await this.#layer()))) {
      const { type, mode, size } = member.header;
      if (normalizeMemberName(member.header.name) !== file || type === "directory") continue;
      if (type !== "file") throw unmergeable(name, "is a hard link to something that is no file");
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

  /** A directory of the layers above takes the place of something else here, so that it shows nothing from below. */
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

const IN_THE_WAY = "is no directory, and a layer above has something in it without listing it as one";

async function* withContent(blocks: Buffer, member: TarMember): AsyncGenerator<Buffer, void, undefined> {
  yield blocks;
  yield* member.content();
  yield Buffer.alloc(paddingAfter(member.header.size));
}

function blocksOf({ blocks, header }: TarMember): Buffer {
  if (blocks !== undefined) return blocks;
  throw unmergeable(
    header.name,
    "is described by a global header, which would mean other layers' members too",
  );
}

function unmergeable(name: string, why: string): SpackOciError {
  return new SpackOciError("ERR_LAYERS_UNMERGEABLE", `Layers cannot be merged: ${name} ${why}.`, {
    kind: "unsupported",
    place: name,
    hint: "Spack writes no such layer. Choose fewer packages, or allow more layers.",
  });
}
