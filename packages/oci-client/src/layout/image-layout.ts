// An OCI image-layout directory as a target: it needs no server, and other tools read it too.

import { constants } from "node:fs";
import { access, readFile, rm } from "node:fs/promises";
import { join, resolve as resolvePath } from "node:path";
import type { Readable } from "node:stream";
import { SpackOciError } from "@spack-oci/errors";
import type { Descriptor } from "../content/descriptor.js";
import { type Digest, isDigest } from "../content/digest.js";
import { type ImageIndex, manifestMediaType, parseManifest } from "../content/manifest.js";
import { isManifestType } from "../content/media-types.js";
import { corruptContent } from "../content/verify.js";
import { MAX_FETCHED_MANIFEST_SIZE } from "../limits.js";
import { ensureTag } from "../reference/reference.js";
import { contentPlace, mayReplace, notFound, tagMoved } from "../storage/errors.js";
import { openStored, type StoredContent } from "../storage/stored-content.js";
import type {
  BodyFactory,
  ByteRange,
  ContentOpener,
  ContentProbe,
  Deleter,
  DeleteTagsOptions,
  Prober,
  PushOptions,
  PushOutcome,
  RangeReader,
  RequestOptions,
  TagDeletion,
  TagLister,
  Target,
  TransferOptions,
} from "../storage/target.js";
import { verifiedReadable } from "../storage/verified-readable.js";
import { withAttachedTags } from "./attached-tags.js";
import { createLayout, isLayout } from "./create-layout.js";
import { collectDeleted, markDeleted } from "./delete-tags.js";
import { layoutError } from "./file-errors.js";
import { blobPath, blobSize, openBlob, readBlobRange, writeBlob } from "./layout-blobs.js";
import {
  digestUnder,
  IndexReader,
  readLayoutIndex,
  withoutTag,
  withTag,
  writeLayoutIndex,
} from "./layout-index.js";
import { withLayoutLock } from "./layout-lock.js";
import { requireChildren } from "./require-children.js";

/** An image-layout directory (OCI image specification, image-layout.md). The first push creates it. */
export class ImageLayout implements Target, TagLister, Deleter, Prober, RangeReader, ContentOpener {
  readonly name: string;
  readonly directory: string;
  readonly #index: IndexReader;

  constructor(directory: string) {
    this.directory = resolvePath(directory);
    this.#index = new IndexReader(this.directory);
    this.name = `oci-layout:${directory}`;
  }

  async resolve(reference: string, { signal }: RequestOptions = {}): Promise<Descriptor> {
    signal?.throwIfAborted();
    const tag = isDigest(reference) ? undefined : ensureTag(reference);
    return this.#wrap(`look up ${reference}`, async () => {
      const found = tag === undefined ? await this.#byDigest(reference as Digest) : await this.#byTag(tag);
      if (found === undefined) throw notFound(this.name, reference);
      return found;
    });
  }

  async fetch(descriptor: Descriptor, options: TransferOptions = {}): Promise<Readable> {
    options.signal?.throwIfAborted();
    return this.#wrap(`read ${descriptor.digest}`, async () => {
      const place = contentPlace(this.name, descriptor);
      const size = await blobSize(this.directory, descriptor.digest);
      const source = size === undefined ? undefined : await openBlob(this.directory, descriptor.digest);
      if (source === undefined) throw notFound(this.name, descriptor.digest);
      if (size !== descriptor.size) {
        source.destroy();
        throw corruptContent(place, `the file has ${size} bytes, expected ${descriptor.size}`);
      }
      return verifiedReadable(source, descriptor, { ...options, place });
    });
  }

  /** A file of the wrong length does not count as existing, so that a push replaces it. */
  async exists(descriptor: Descriptor, { signal }: RequestOptions = {}): Promise<boolean> {
    return (await this.probe(descriptor, { signal }))?.size === descriptor.size;
  }

  async probe(
    { digest }: Pick<Descriptor, "digest">,
    { signal }: RequestOptions = {},
  ): Promise<ContentProbe | undefined> {
    signal?.throwIfAborted();
    const size = await this.#wrap(`look for ${digest}`, () => blobSize(this.directory, digest));
    return size === undefined ? undefined : { size };
  }

  async readRange(
    { digest }: Descriptor,
    range: ByteRange,
    { signal }: RequestOptions = {},
  ): Promise<Buffer | undefined> {
    signal?.throwIfAborted();
    return this.#wrap(`read ${digest}`, async () => {
      const bytes = await readBlobRange(this.directory, digest, range);
      if (bytes === "missing") throw notFound(this.name, digest);
      return bytes;
    });
  }

  openContent(descriptor: Descriptor): StoredContent | undefined {
    return openStored(blobPath(this.directory, descriptor.digest), descriptor);
  }

  async push(descriptor: Descriptor, body: BodyFactory, options: PushOptions = {}): Promise<PushOutcome> {
    const tag = options.tag === undefined ? undefined : ensureTag(options.tag);
    const known = await this.exists(descriptor, options);
    if (!known) {
      await this.#wrap(`write ${descriptor.digest}`, async () => {
        await createLayout(this.directory);
        const place = contentPlace(this.name, descriptor);
        await writeBlob(this.directory, { descriptor, body, place }, options);
      });
    }
    if (tag !== undefined) await this.#putTag(descriptor, tag, options.replacing);
    else if (!known && isManifestType(descriptor.mediaType)) await this.#ensureIndex();
    return known ? "exists" : "uploaded";
  }

  async tag(descriptor: Descriptor, tag: string): Promise<void> {
    if (!(await this.exists(descriptor))) throw notFound(this.name, descriptor.digest);
    await this.#putTag(descriptor, ensureTag(tag), undefined);
  }

  /** In lexical order, as registries list them. */
  async *tags(): AsyncGenerator<string> {
    const tags = await this.#wrap("list tags", async () => {
      if (!(await isLayout(this.directory))) throw noLayout(this.directory);
      return this.#index.tags();
    });
    yield* [...tags.keys()].sort();
  }

  /** Deletes a tag from the index; or content, with all of its tags. */
  async delete(what: Descriptor | { readonly tag: string }): Promise<void> {
    if ("tag" in what) {
      await this.resolve(what.tag);
      return this.#update((index) => withoutTag(index, what.tag));
    }
    if (!(await this.exists(what))) throw notFound(this.name, what.digest);
    if (isManifestType(what.mediaType)) {
      await this.#update((index) => ({
        ...index,
        manifests: index.manifests.filter((listed) => listed.digest !== what.digest),
      }));
    }
    await this.#wrap(`delete ${what.digest}`, () => rm(blobPath(this.directory, what.digest)));
  }

  async checkDeletion(): Promise<void> {
    await this.#wrap("delete from the layout", async () => {
      if (await isLayout(this.directory)) await access(this.directory, constants.W_OK);
    });
  }

  async deleteTags(
    tags: readonly string[],
    { onDeleted }: DeleteTagsOptions = {},
  ): Promise<readonly TagDeletion[]> {
    if (!(await isLayout(this.directory))) throw noLayout(this.directory);
    if (tags.length > 0) {
      await this.#update(async (index) =>
        markDeleted(index, await withAttachedTags(this.directory, index, new Set(tags))),
      );
    }
    await this.#locked("delete blobs", () => collectDeleted(this.directory));
    for (const tag of tags) onDeleted?.({ tag });
    return tags.map((tag) => ({ tag }));
  }

  #putTag(descriptor: Descriptor, tag: string, replacing: PushOptions["replacing"]): Promise<void> {
    return this.#update(async (index) => {
      if (!mayReplace(digestUnder(index, tag), replacing)) throw tagMoved(this.name, tag);
      // Under the lock, because content may have been deleted after the push checked for it.
      if (!(await this.exists(descriptor))) throw notFound(this.name, descriptor.digest);
      await requireChildren(this.directory, descriptor);
      return withTag(index, descriptor, tag);
    });
  }

  #update(change: (index: ImageIndex) => ImageIndex | Promise<ImageIndex>): Promise<void> {
    return this.#locked("write index.json", async () => {
      this.#index.forget();
      await writeLayoutIndex(this.directory, await change(await readLayoutIndex(this.directory)));
    });
  }

  #locked(doing: string, task: () => Promise<void>): Promise<void> {
    return this.#wrap(doing, async () => {
      await createLayout(this.directory);
      await withLayoutLock(join(this.directory, "index.json.lock"), task);
    });
  }

  /** A layout must have an index, even an empty one. */
  #ensureIndex(): Promise<void> {
    return this.#update((index) => index);
  }

  async #byTag(tag: string): Promise<Descriptor | undefined> {
    const listed = (await this.#index.tags()).get(tag);
    return listed && plain(listed);
  }

  /** The media type comes from the manifest itself, because the index need not list it. */
  async #byDigest(digest: Digest): Promise<Descriptor | undefined> {
    const size = await blobSize(this.directory, digest);
    if (size === undefined || size > MAX_FETCHED_MANIFEST_SIZE) return undefined;
    const place = contentPlace(this.name, { digest });
    const manifest = parseManifest(await readFile(blobPath(this.directory, digest)), place);
    return { mediaType: manifestMediaType(manifest), digest, size };
  }

  async #wrap<T>(doing: string, task: () => Promise<T>): Promise<T> {
    try {
      return await task();
    } catch (error) {
      throw layoutError(this.name, doing, error);
    }
  }
}

/** A listed descriptor without the fields that only the index needs. */
function plain({ mediaType, digest, size, platform }: Descriptor): Descriptor {
  return { mediaType, digest, size, ...(platform && { platform }) };
}

/** A directory without a layout has nothing to list: its name is probably wrong. */
function noLayout(directory: string): SpackOciError {
  return new SpackOciError(
    "ERR_OCI_NO_LAYOUT",
    `${directory} is not an OCI image layout (no oci-layout file).`,
    {
      kind: "not-found",
      place: directory,
      hint: "Check the path; a push creates a new layout.",
    },
  );
}
