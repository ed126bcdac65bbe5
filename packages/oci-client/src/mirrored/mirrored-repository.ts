// A repository that is read from its mirrors first, where a site keeps some; written to is only the repository itself.
import type { Readable } from "node:stream";
import { isSpackOciError, type SpackOciError } from "@spack-oci/errors";
import type { ContentCache } from "../cache/content-cache.js";
import type { Descriptor } from "../content/descriptor.js";
import type { Digest } from "../content/digest.js";
import type { RemoteRepository } from "../remote/remote-repository.js";
import type {
  BodyFactory,
  ByteRange,
  ManifestFetcher,
  Mounter,
  PushOptions,
  PushOutcome,
  RangeReader,
  ReferrerLister,
  RequestOptions,
  TagLister,
  Target,
  TransferOptions,
} from "../target/target.js";

/** Told of a mirror that is passed over, with its name and the reason; not of what it merely does not have. */
export type MirrorFailure = (mirror: string, error: SpackOciError) => void;

/**
 * Every question goes to the mirrors in their order, and at last to the repository itself: the first that has an answer
 * is believed, and content is verified wherever it comes from. A mirror that is out of reach is not asked again.
 */
export class MirroredRepository
  implements Target, TagLister, ManifestFetcher, Mounter, ReferrerLister, RangeReader
{
  readonly name: string;
  readonly host: string;
  readonly repository: string;
  readonly cache: ContentCache | undefined;
  readonly #upstream: RemoteRepository;
  readonly #mirrors: Set<RemoteRepository>;
  readonly #onFailure: MirrorFailure;

  constructor(
    upstream: RemoteRepository,
    mirrors: readonly RemoteRepository[],
    onFailure: MirrorFailure = () => {},
  ) {
    this.name = upstream.name;
    this.host = upstream.host;
    this.repository = upstream.repository;
    this.cache = upstream.cache;
    this.#upstream = upstream;
    this.#mirrors = new Set(mirrors);
    this.#onFailure = onFailure;
  }

  resolve(reference: string, options?: RequestOptions): Promise<Descriptor> {
    return this.#read((from) => from.resolve(reference, options), options);
  }

  fetchManifestBytes(reference: string, options?: RequestOptions) {
    return this.#read((from) => from.fetchManifestBytes(reference, options), options);
  }

  fetch(descriptor: Descriptor, options?: TransferOptions): Promise<Readable> {
    return this.#read((from) => from.fetch(descriptor, options), options);
  }

  async readRange(
    descriptor: Descriptor,
    range: ByteRange,
    options?: RequestOptions,
  ): Promise<Buffer | undefined> {
    // Undefined passes a mirror over; from the repository itself it is the answer.
    return this.#read<Buffer | undefined>((from) => from.readRange(descriptor, range, options), options);
  }

  async exists(descriptor: Descriptor, options?: RequestOptions): Promise<boolean> {
    const found = await this.#read(async (from) => {
      const isThere = await from.exists(descriptor, options);
      return isThere || from === this.#upstream ? isThere : undefined;
    }, options);
    return found === true;
  }

  async *tags(options?: RequestOptions): AsyncGenerator<string> {
    const { first, rest } = await this.#read(async (from) => {
      const iterator = from.tags(options)[Symbol.asyncIterator]();
      return { first: await iterator.next(), rest: iterator };
    }, options);
    for (let item = first; item.done !== true; item = await rest.next()) yield item.value;
  }

  push(descriptor: Descriptor, body: BodyFactory, options?: PushOptions): Promise<PushOutcome> {
    return this.#upstream.push(descriptor, body, options);
  }

  tag(descriptor: Descriptor, tag: string, options?: RequestOptions): Promise<void> {
    return this.#upstream.tag(descriptor, tag, options);
  }

  mount(descriptor: Descriptor, repository: string, options?: RequestOptions): Promise<boolean> {
    return this.#upstream.mount(descriptor, repository, options);
  }

  /** Mirrors keep what was asked for, and would have short lists. */
  referrers(subject: Digest, options?: RequestOptions): Promise<readonly Descriptor[] | undefined> {
    return this.#upstream.referrers(subject, options);
  }

  /** The first answer that is not `undefined`. */
  async #read<T>(
    ask: (from: RemoteRepository) => Promise<T>,
    options: RequestOptions = {},
  ): Promise<NonNullable<T>> {
    for (const mirror of this.#mirrors) {
      try {
        const answer = await ask(mirror);
        if (answer !== undefined) return answer as NonNullable<T>;
      } catch (error) {
        options.signal?.throwIfAborted();
        if (!isSpackOciError(error) || error.kind === "usage") throw error;
        if (error.kind === "not-found") continue;
        if (error.kind === "unreachable") this.#mirrors.delete(mirror);
        this.#onFailure(mirror.name, error);
      }
    }
    return (await ask(this.#upstream)) as NonNullable<T>;
  }
}
