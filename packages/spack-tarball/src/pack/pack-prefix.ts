// Packs an install prefix into the same tar archive as Spack, reading each file once, in constant memory.

import { fileSystemPath, openFile, readChunks } from "@spack-oci/files";
import { BUILD_INFO_PATH } from "../build-info/build-info.js";
import { ContentClassifier } from "../classify/content-classifier.js";
import { archiveChunks, ENTRY_POINT } from "../tar/archive-chunks.js";
import { paddingAfter } from "../tar/tar-entry.js";
import { isRelocated } from "./known-prefixes.js";
import { fileChanged, PackageArchive, type PackedInfo } from "./package-archive.js";
import type { PrefixEntry } from "./prefix-entry.js";
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
 * The archive in chunks: parent directories, the prefix in Spack's order, `binary_distribution` and the end of the
 * archive (Spack: binary_distribution.py, `_do_create_tarball`).
 *
 * @throws SpackOciError `ERR_FILE_CHANGED` if the size of a file changes while it is read
 */
export function packPrefix(request: PackRequest): AsyncGenerator<Buffer, void, undefined> {
  return archiveChunks(new Packer(request).archive());
}

/** A file, whose content may be elsewhere. */
type PackedFile = Extract<PrefixEntry, { type: "file" }>;

class Packer {
  readonly #request: PackRequest;
  readonly #directory: string;
  readonly #archive: PackageArchive;

  constructor(request: PackRequest) {
    this.#request = request;
    this.#directory = request.directory ?? request.prefix;
    this.#archive = new PackageArchive(request);
  }

  async *archive(): AsyncGenerator<Buffer, void, undefined> {
    yield* this.#archive.parents();
    const { change = async (entry) => entry } = this.#request;
    for await (const found of walkPrefix(this.#directory, BUILD_INFO_PATH)) {
      const entry = await change(found);
      yield this.#archive.header(entry);
      if (entry.type === "file")
        yield* this.#content(entry, "content" in entry ? entry.content : this.#contentOnDisk(entry));
    }
    // So that the provenance can be read from the end of the layer alone.
    yield ENTRY_POINT;
    yield* this.#archive.buildInfo();
  }

  async *#contentOnDisk({ path, size }: PackedFile): AsyncGenerator<Buffer, void, undefined> {
    const file = await openFile(fileSystemPath(`${this.#directory}/${path}`), "r");
    try {
      yield* readChunks(file, { size });
    } finally {
      await file.close();
    }
  }

  async *#content(
    { path, size }: PackedFile,
    content: AsyncIterable<Buffer>,
  ): AsyncGenerator<Buffer, void, undefined> {
    const classifier = isRelocated(path) ? new ContentClassifier(this.#archive.prefixes) : undefined;
    let length = 0;
    for await (const chunk of content) {
      length += chunk.length;
      if (length > size) break;
      classifier?.push(chunk);
      yield chunk;
    }
    if (length !== size) throw fileChanged(`${this.#directory}/${path}`);
    yield Buffer.alloc(paddingAfter(size));
    this.#archive.addClass(path, classifier?.end() ?? "none");
  }
}
