// A target in memory: the simplest implementation of the contract, for tests and short-lived content.

import { Readable } from "node:stream";
import type { Descriptor } from "../content/descriptor.js";
import { type Digest, isDigest } from "../content/digest.js";
import { isManifestType } from "../content/media-types.js";
import { ensureTag } from "../reference/reference.js";
import { contentPlace, mayReplace, notFound, tagMoved } from "../storage/errors.js";
import { readBody } from "../storage/read-body.js";
import type {
  BodyFactory,
  ByteRange,
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

/** Holds all content in memory. */
export class MemoryTarget implements Target, TagLister, Deleter, Prober, RangeReader {
  readonly name: string;
  readonly #content = new Map<Digest, Buffer>();
  readonly #manifests = new Map<Digest, Descriptor>();
  readonly #tags = new Map<string, Digest>();

  constructor(name = "target") {
    this.name = `memory:${name}`;
  }

  async resolve(reference: string, { signal }: RequestOptions = {}): Promise<Descriptor> {
    signal?.throwIfAborted();
    const digest = isDigest(reference) ? reference : this.#tags.get(ensureTag(reference));
    const descriptor = digest && this.#manifests.get(digest);
    if (descriptor === undefined) throw notFound(this.name, reference);
    return descriptor;
  }

  async fetch(descriptor: Descriptor, { signal, onBytes }: TransferOptions = {}): Promise<Readable> {
    signal?.throwIfAborted();
    const bytes = this.#content.get(descriptor.digest);
    if (bytes === undefined) throw notFound(this.name, descriptor.digest);
    return verifiedReadable(Readable.from([bytes], { objectMode: false }), descriptor, {
      place: contentPlace(this.name, descriptor),
      signal,
      onBytes,
    });
  }

  async exists({ digest }: Descriptor, { signal }: RequestOptions = {}): Promise<boolean> {
    signal?.throwIfAborted();
    return this.#content.has(digest);
  }

  async probe({ digest }: Pick<Descriptor, "digest">): Promise<ContentProbe | undefined> {
    const bytes = this.#content.get(digest);
    return bytes && { size: bytes.byteLength };
  }

  async readRange(descriptor: Descriptor, { start, length }: ByteRange): Promise<Buffer> {
    const bytes = this.#content.get(descriptor.digest);
    if (bytes === undefined) throw notFound(this.name, descriptor.digest);
    return bytes.subarray(start, start + length);
  }

  async push(descriptor: Descriptor, body: BodyFactory, options: PushOptions = {}): Promise<PushOutcome> {
    const tag = options.tag === undefined ? undefined : ensureTag(options.tag);
    if (tag !== undefined && !mayReplace(this.#tags.get(tag), options.replacing))
      throw tagMoved(this.name, tag);
    const known = this.#content.has(descriptor.digest);
    if (!known) {
      const place = contentPlace(this.name, descriptor);
      this.#content.set(descriptor.digest, await readBody(descriptor, body, { ...options, place }));
    }
    const { mediaType, digest, size } = descriptor;
    if (isManifestType(mediaType)) this.#manifests.set(digest, { mediaType, digest, size });
    if (tag !== undefined) this.#tags.set(tag, digest);
    return known ? "exists" : "uploaded";
  }

  async tag({ digest }: Descriptor, tag: string): Promise<void> {
    if (!this.#manifests.has(digest)) throw notFound(this.name, digest);
    this.#tags.set(ensureTag(tag), digest);
  }

  async *tags(): AsyncGenerator<string> {
    yield* [...this.#tags.keys()].sort();
  }

  async delete(what: Descriptor | { readonly tag: string }): Promise<void> {
    const gone = "tag" in what ? this.#tags.delete(what.tag) : this.#content.delete(what.digest);
    if (!gone) throw notFound(this.name, "tag" in what ? what.tag : what.digest);
    if ("tag" in what) return;
    this.#manifests.delete(what.digest);
    for (const [tag, digest] of this.#tags) if (digest === what.digest) this.#tags.delete(tag);
  }

  async checkDeletion(): Promise<void> {}

  /** Content remains: a short-lived target has no need to reclaim its space. */
  async deleteTags(
    tags: readonly string[],
    { onDeleted }: DeleteTagsOptions = {},
  ): Promise<readonly TagDeletion[]> {
    for (const tag of tags) {
      this.#tags.delete(tag);
      onDeleted?.({ tag });
    }
    return tags.map((tag) => ({ tag }));
  }
}
