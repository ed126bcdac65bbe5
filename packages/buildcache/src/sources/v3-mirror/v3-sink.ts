// Writes packages into a Spack v3 mirror in a directory: an archive, a spec, and then the manifest that lists both.

import { gzipSync } from "node:zlib";
import { SpackOciError } from "@spack-oci/errors";
import { descriptorOf } from "@spack-oci/oci-client";
import {
  formatJson,
  type Json,
  type SpecDocument,
  type SpecNode,
  specDocumentToJson,
} from "@spack-oci/spack-spec";
import { compressionOfMediaType } from "@spack-oci/spack-tarball";
import type { MergeIndexResult } from "../../package-index/merge-index.js";
import type { Run } from "../../schedule/run.js";
import type { Clearsign } from "../gpg/clearsign.js";
import type { PackageEntry, PackageSink, PackageWriter } from "../package-source.js";
import type { DirectoryFiles } from "./directory-files.js";
import { LAYOUT_PATH, LAYOUT_TEXT, specManifestPath } from "./layout.js";
import {
  ARCHIVE_TYPE,
  type BlobRecord,
  formatMirrorManifest,
  MIRROR_COMPRESSION,
  SPEC_TYPE,
} from "./manifest.js";
import { writeMirrorIndex } from "./write-mirror-index.js";

/** The layout version in the specs of Spack's v3 mirrors (Spack: url_buildcache.py, `push_binary_package`). */
const LAYOUT_VERSION_IN_SPEC = 2n;

/**
 * A v3 mirror cannot hold an image's base and environment.
 *
 * @param clearsign signs the manifests of packages, but not the index, as Spack does; undefined to sign nothing
 */
export function v3Sink(files: DirectoryFiles, clearsign?: Clearsign): PackageSink {
  return {
    name: files.name,
    async existing() {
      const paths = new Set(await files.specManifests());
      return (graph, node) => paths.has(specManifestPath(graph, node));
    },
    async open(_plan, run) {
      if (!(await files.exists(LAYOUT_PATH))) await files.write(LAYOUT_PATH, LAYOUT_TEXT);
      return new EntryWriter(files, run, clearsign);
    },
  };
}

class EntryWriter implements PackageWriter {
  readonly #files: DirectoryFiles;
  readonly #run: Run;
  readonly #clearsign: Clearsign | undefined;
  /** Specs by the path of their manifests. */
  readonly #published = new Map<string, SpecDocument>();

  constructor(files: DirectoryFiles, run: Run, clearsign: Clearsign | undefined) {
    this.#files = files;
    this.#run = run;
    this.#clearsign = clearsign;
  }

  dependenciesOf(): string[] {
    return [];
  }

  /** @throws SpackOciError `ERR_URL_MIRROR_COMPRESSION` (`unsupported`) if Spack could not unpack the layer there */
  async send(node: SpecNode, entry: PackageEntry): Promise<void> {
    const { digest, size, mediaType } = entry.archive;
    if (compressionOfMediaType(mediaType) !== MIRROR_COMPRESSION) throw notGzip(entry.place, mediaType);
    const { listener, signal } = this.#run;
    listener?.({ type: "step", package: node, step: "fetching", bytes: size });
    const onBytes = (count: number) => listener?.({ type: "bytes", package: node, count });
    await this.#files.writeBlob(archiveRecord(digest, size), () => entry.open({ onBytes, signal }));
  }

  async publish(_node: SpecNode, entry: PackageEntry): Promise<void> {
    const { document, archive } = entry;
    const text = specText(document);
    const spec: BlobRecord = { ...descriptorOf(SPEC_TYPE, text), compression: MIRROR_COMPRESSION };
    await this.#files.writeBlob(spec, async () => text);
    const path = specManifestPath(document.graph, document.root);
    const manifest = formatMirrorManifest([archiveRecord(archive.digest, archive.size), spec]);
    const signed = await this.#clearsign?.(manifest, this.#run.signal);
    await this.#files.write(path, signed ?? manifest);
    this.#published.set(path, document);
  }

  updateIndex(): Promise<MergeIndexResult> {
    return writeMirrorIndex(this.#files, this.#published, this.#run);
  }
}

function archiveRecord(digest: BlobRecord["digest"], size: number): BlobRecord {
  return { mediaType: ARCHIVE_TYPE, digest, size, compression: MIRROR_COMPRESSION };
}

function specText({ graph, root }: SpecDocument): Buffer {
  const members: [string, Json][] = [["buildcache_layout_version", LAYOUT_VERSION_IN_SPEC]];
  return gzipSync(formatJson(new Map([...specDocumentToJson(graph, root), ...members])));
}

function notGzip(place: string, mediaType: string): SpackOciError {
  return new SpackOciError("ERR_URL_MIRROR_COMPRESSION", `The layer of ${place} is ${mediaType}.`, {
    kind: "unsupported",
    place,
    hint: "Spack mirrors in directories hold only gzip archives. Push the package again.",
  });
}
