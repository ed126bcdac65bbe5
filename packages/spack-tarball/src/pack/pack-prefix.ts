// Packs an install prefix into the same tar archive as Spack, reading each file once, in constant memory.

import { fileSystemPath, inOneGo, openFile, readChunks } from "@spack-oci/files";
import { BUILD_INFO_PATH } from "../build-info/build-info.js";
import { classifyContent } from "../classify/classify-content.js";
import { type ContentClass, ContentClassifier } from "../classify/content-classifier.js";
import { ENTRY_POINT, endOfArchive } from "../tar/archive-chunks.js";
import { paddingAfter } from "../tar/tar-entry.js";
import { ArchiveChunk } from "./archive-chunk.js";
import { isRelocated } from "./known-prefixes.js";
import { fileChanged, PackageArchive, type PackedInfo } from "./package-archive.js";
import type { PrefixEntry } from "./prefix-entry.js";
import { readWhole } from "./read-whole.js";
import { walkPrefix } from "./walk-prefix.js";

export interface PackRequest extends PackedInfo {
  /** Where the files are, if not at `prefix`. */
  readonly directory?: string;
  /** Replaces entries. By default everything is packed as it is on disk. */
  readonly change?: (entry: PrefixEntry) => Promise<PackedEntry>;
}

/** An entry that goes into the archive: as on disk, or a file with other content. */
export type PackedEntry = PrefixEntry | (PackedFile & { readonly content: AsyncIterable<Buffer> });

/**
 * The archive in chunks, each of which is valid until the next is requested: parent directories, the prefix in
 * Spack's order, `binary_distribution` and the end of the archive (Spack: binary_distribution.py,
 * `_do_create_tarball`).
 *
 * @throws SpackOciError `ERR_FILE_CHANGED` if the size of a file changes while it is read
 */
export function packPrefix(request: PackRequest): AsyncGenerator<Buffer, void, undefined> {
  return new Packer(request).pack();
}

/** A file, whose content may be elsewhere. */
type PackedFile = Extract<PrefixEntry, { type: "file" }>;

class Packer {
  readonly #request: PackRequest;
  readonly #directory: string;
  readonly #archive: PackageArchive;
  readonly #chunk = new ArchiveChunk();
  /** Bytes of the archive so far. */
  #length = 0;

  constructor(request: PackRequest) {
    this.#request = request;
    this.#directory = request.directory ?? request.prefix;
    this.#archive = new PackageArchive(request);
  }

  async *pack(): AsyncGenerator<Buffer, void, undefined> {
    const chunk = this.#chunk;
    yield* this.#add(...this.#archive.parents());
    const { change } = this.#request;
    for await (const found of walkPrefix(this.#directory, BUILD_INFO_PATH)) {
      const entry = change === undefined ? found : await change(found);
      const header = this.#archive.header(entry);
      // Asking whether it fits is quicker than a generator for each header.
      if (header.length <= chunk.room.length) this.#length += chunk.add(header);
      else yield* this.#add(header);
      if (entry.type === "file") yield* this.#file(entry);
    }
    if (!chunk.isEmpty) yield chunk.take();
    // So that the provenance can be read from the end of the layer alone.
    yield ENTRY_POINT;
    yield* this.#add(...this.#archive.buildInfo());
    yield* this.#add(endOfArchive(this.#length));
    if (!chunk.isEmpty) yield chunk.take();
  }

  *#add(...parts: readonly Buffer[]): Generator<Buffer, void, undefined> {
    for (const part of parts) {
      this.#length += part.length;
      for (let added = 0; added < part.length; ) {
        if (this.#chunk.isFull) yield this.#chunk.take();
        added += this.#chunk.add(part, added);
      }
    }
  }

  async *#file(entry: PackedEntry & PackedFile): AsyncGenerator<Buffer, void, undefined> {
    const { path, size } = entry;
    const place = `${this.#directory}/${path}`;
    const isWhole = !("content" in entry) && size < this.#chunk.size;
    if (isWhole && size >= this.#chunk.room.length) yield this.#chunk.take();
    const whole = isWhole ? this.#readNow(place, size) : undefined;
    if (whole !== undefined) this.#classify(path, () => classifyContent(whole, this.#archive.prefixes));
    else yield* this.#stream(place, entry);
    yield* this.#add(Buffer.alloc(paddingAfter(size)));
  }

  /** @returns the content, which is part of the chunk now; undefined if the file system is slow */
  #readNow(place: string, size: number): Buffer | undefined {
    const room = this.#chunk.room.subarray(0, size + 1);
    const length = inOneGo((operate) => operate(() => readWhole(place, room), size));
    if (length === undefined) return undefined;
    if (length !== size) throw fileChanged(place);
    this.#length += size;
    return this.#chunk.grow(size);
  }

  async *#stream(place: string, entry: PackedEntry & PackedFile): AsyncGenerator<Buffer, void, undefined> {
    const { path, size } = entry;
    const classifier = isRelocated(path) ? new ContentClassifier(this.#archive.prefixes) : undefined;
    const content = "content" in entry ? entry.content : contentOf(place, size);
    let length = 0;
    for await (const bytes of content) {
      length += bytes.length;
      if (length > size) break;
      classifier?.push(bytes);
      yield* this.#add(bytes);
    }
    if (length !== size) throw fileChanged(place);
    this.#classify(path, () => classifier?.end() ?? "none");
  }

  #classify(path: string, classify: () => ContentClass): void {
    if (isRelocated(path)) this.#archive.addClass(path, classify());
  }
}

async function* contentOf(place: string, size: number): AsyncGenerator<Buffer, void, undefined> {
  const file = await openFile(fileSystemPath(place), "r");
  try {
    yield* readChunks(file, { size });
  } finally {
    await file.close();
  }
}
