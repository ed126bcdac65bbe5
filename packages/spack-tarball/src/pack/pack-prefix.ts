// Packs an install prefix into the same tar archive as Spack, reading each file once.

import { SpackOciError } from "@spack-oci/errors";
import { encodeFileName, fileSystemPath, openFile, readChunks } from "@spack-oci/files";
import { BUILD_INFO_PATH, type BuildInfo } from "../build-info/build-info.js";
import { formatBuildInfo } from "../build-info/format-build-info.js";
import { ContentClassifier } from "../classify/content-classifier.js";
import type { PrefixList } from "../prefixes/prefix-list.js";
import { archiveChunks, ENTRY_POINT } from "../tar/archive-chunks.js";
import { paddingAfter } from "../tar/tar-entry.js";
import { formatDirectoryHeader, formatTarHeader, parentNames } from "../tar/write-header.js";
import { isRelocated, knownPrefixes } from "./known-prefixes.js";
import { type PrefixEntry, walkPrefix } from "./walk-prefix.js";

/** The part of the build info that is known before packing; the lists of files are collected while packing. */
export type PackRequest = Omit<
  BuildInfo,
  "hardlinksDeduped" | "relocateBinaries" | "relocateLinks" | "relocateTextFiles"
> & {
  /** Absolute path of the prefix to pack; member names begin with it. */
  readonly prefix: string;
  /** Where the files are, if not at `prefix`. */
  readonly directory?: string;
  /** Replaces entries. By default everything is packed as it is on disk. */
  readonly change?: (entry: PrefixEntry) => Promise<PackedEntry>;
};

/** An entry that goes into the archive: as on disk, or a file with other content. */
export type PackedEntry = PrefixEntry | (PackedFile & { readonly content: AsyncIterable<Buffer> });

/**
 * The archive in chunks: parent directories, the prefix in Spack's order, `binary_distribution` and the end of the archive
 * (Spack: binary_distribution.py, `_do_create_tarball`).
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
  readonly #prefixes: PrefixList;
  readonly #memberName: string;
  readonly #binaries: string[] = [];
  readonly #links: string[] = [];
  readonly #textFiles: string[] = [];

  constructor(request: PackRequest) {
    this.#request = request;
    this.#directory = request.directory ?? request.prefix;
    this.#memberName = request.prefix.replace(/^\/+/, "");
    this.#prefixes = knownPrefixes(request);
  }

  async *archive(): AsyncGenerator<Buffer, void, undefined> {
    for (const parent of parentNames(this.#memberName)) yield formatDirectoryHeader(parent);
    const { change = async (entry) => entry } = this.#request;
    for await (const entry of walkPrefix(this.#directory, BUILD_INFO_PATH)) {
      yield* this.#member(await change(entry));
    }
    const info = formatBuildInfo({
      ...this.#request,
      hardlinksDeduped: true,
      relocateBinaries: this.#binaries,
      relocateLinks: this.#links,
      relocateTextFiles: this.#textFiles,
    });
    // So that the provenance can be read from the end of the layer alone.
    yield ENTRY_POINT;
    yield fileHeader(`${this.#memberName}/${BUILD_INFO_PATH}`, info.length, false);
    yield info;
    yield Buffer.alloc(paddingAfter(info.length));
  }

  async *#member(entry: PackedEntry): AsyncGenerator<Buffer, void, undefined> {
    const name = this.#nameOf(entry.path);
    switch (entry.type) {
      case "directory":
        yield formatDirectoryHeader(name);
        break;
      case "symlink":
        this.#classifyLink(entry.path, entry.target);
        yield formatTarHeader({ name, type: "symlink", mode: 0o755, size: 0, linkName: entry.target });
        break;
      case "hardlink":
        yield formatTarHeader({
          name,
          type: "hardlink",
          mode: fileMode(entry.executable),
          size: 0,
          linkName: this.#nameOf(entry.target),
        });
        break;
      case "file":
        yield fileHeader(name, entry.size, entry.executable);
        yield* this.#content(entry, "content" in entry ? entry.content : this.#contentOnDisk(entry));
        break;
    }
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
    const classifier = isRelocated(path) ? new ContentClassifier(this.#prefixes) : undefined;
    let length = 0;
    for await (const chunk of content) {
      length += chunk.length;
      if (length > size) break;
      classifier?.push(chunk);
      yield chunk;
    }
    if (length !== size) {
      const place = `${this.#directory}/${path}`;
      throw new SpackOciError("ERR_FILE_CHANGED", `${place} changed while it was being packed.`, {
        kind: "conflict",
        place,
        hint: "Push again when nothing is writing to the store.",
      });
    }
    yield Buffer.alloc(paddingAfter(size));
    const found = classifier?.end() ?? "none";
    if (found === "text") this.#textFiles.push(path);
    else if (found !== "none") this.#binaries.push(path);
  }

  #classifyLink(path: string, target: string): void {
    if (target.startsWith("/") && this.#prefixes.matchAt(encodeFileName(target), 0) !== undefined)
      this.#links.push(path);
  }

  #nameOf(path: string): string {
    return path === "" ? this.#memberName : `${this.#memberName}/${path}`;
  }
}

function fileHeader(name: string, size: number, executable: boolean): Buffer {
  return formatTarHeader({ name, type: "file", mode: fileMode(executable), size, linkName: "" });
}

/** Like git, Spack only records whether a file is executable. */
function fileMode(executable: boolean): number {
  return executable ? 0o755 : 0o644;
}
