// The index.json of an image layout: the manifests that it lists, and their tags (image-layout.md "index.json").

import { readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { isMissing } from "@spack-oci/errors";
import type { Descriptor } from "../content/descriptor.js";
import type { Digest } from "../content/digest.js";
import { type ImageIndex, isImageIndex, parseManifest } from "../content/manifest.js";
import { MEDIA_TYPES } from "../content/media-types.js";
import { corruptContent } from "../content/verify.js";
import { MAX_LAYOUT_INDEX_SIZE } from "../limits.js";
import { temporaryPath, writeFileSynced } from "./write-file.js";

/** The annotation that holds a tag (annotations.md). */
const REF_NAME_ANNOTATION = "org.opencontainers.image.ref.name";

const EMPTY_INDEX: ImageIndex = { schemaVersion: 2, mediaType: MEDIA_TYPES.ociIndex, manifests: [] };

/**
 * Reads the index; an empty one if it does not exist yet. Needs no lock, because it is only ever replaced as a whole.
 */
export async function readLayoutIndex(directory: string): Promise<ImageIndex> {
  const path = join(directory, "index.json");
  try {
    const { size } = await stat(path);
    if (size > MAX_LAYOUT_INDEX_SIZE) throw corruptContent(path, `it has ${size} bytes`);
    const index = parseManifest(await readFile(path), path);
    if (!isImageIndex(index)) throw corruptContent(path, "it lists no manifests");
    return index;
  } catch (error) {
    if (isMissing(error)) return EMPTY_INDEX;
    throw error;
  }
}

/** An index that is read again only after its file was replaced, and that finds tags without searching. */
export class IndexReader {
  readonly #directory: string;
  #version = "";
  #tags: ReadonlyMap<string, Descriptor> = new Map();

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** The listed manifests by tag. */
  async tags(): Promise<ReadonlyMap<string, Descriptor>> {
    const version = await versionOf(join(this.#directory, "index.json"));
    if (version === "" || version !== this.#version) {
      this.forget();
      this.#tags = manifestsByTag(await readLayoutIndex(this.#directory));
      this.#version = version;
    }
    return this.#tags;
  }

  /** Call before the index is read to replace it: a hundred thousand tags take 40 MB, which need not be there twice. */
  forget(): void {
    this.#version = "";
    this.#tags = new Map();
  }
}

function manifestsByTag({ manifests }: ImageIndex): Map<string, Descriptor> {
  const byTag = new Map<string, Descriptor>();
  for (const listed of manifests) {
    const tag = tagOf(listed);
    if (tag !== undefined) byTag.set(tag, listed);
  }
  return byTag;
}

/** A text that changes when a file is replaced; empty if it does not exist. */
async function versionOf(path: string): Promise<string> {
  try {
    const { ino, mtimeNs, size } = await stat(path, { bigint: true });
    return `${ino} ${mtimeNs} ${size}`;
  } catch (error) {
    if (isMissing(error)) return "";
    throw error;
  }
}

/** Replaces the index: readers see the old one or the new one. */
export async function writeLayoutIndex(directory: string, index: ImageIndex): Promise<void> {
  const temporary = temporaryPath(directory, ".index.json");
  try {
    await writeFileSynced(temporary, `${JSON.stringify(index)}\n`);
    await rename(temporary, join(directory, "index.json"));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** The tag of a listed manifest; undefined if it has none. */
export function tagOf(listed: Descriptor): string | undefined {
  return listed.annotations?.[REF_NAME_ANNOTATION];
}

/** The digest that a tag points to. */
export function digestUnder({ manifests }: ImageIndex, tag: string): Digest | undefined {
  return manifests.find((listed) => tagOf(listed) === tag)?.digest;
}

/** The index with `tag` moved to a manifest. */
export function withTag(index: ImageIndex, descriptor: Descriptor, tag: string): ImageIndex {
  const { mediaType, digest, size } = descriptor;
  const annotations = { ...descriptor.annotations, [REF_NAME_ANNOTATION]: tag };
  const { platform } = descriptor;
  const listed: Descriptor = { mediaType, digest, size, annotations, ...(platform && { platform }) };
  return { ...index, manifests: [...withoutTag(index, tag).manifests, listed] };
}

/** The index without a tag. */
export function withoutTag(index: ImageIndex, tag: string): ImageIndex {
  return { ...index, manifests: index.manifests.filter((listed) => tagOf(listed) !== tag) };
}
