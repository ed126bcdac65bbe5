// A repository of a registry as a target; each operation is a file of its own.
import { Readable } from "node:stream";
import type { ContentCache } from "../cache/content-cache.js";
import type { Descriptor } from "../content/descriptor.js";
import type { Digest } from "../content/digest.js";
import { isManifestType } from "../content/media-types.js";
import { formatLocation, type RegistryLocation } from "../reference/location.js";
import { bodyOf } from "../target/bytes.js";
import { PushOnce } from "../target/push-once.js";
import type {
  BlobStreamer,
  BodyFactory,
  ByteRange,
  ContentProbe,
  Deleter,
  DeleteTagsOptions,
  ManifestFetcher,
  Mounter,
  Prober,
  PushOptions,
  PushOutcome,
  RangeReader,
  ReferrerLister,
  RequestOptions,
  TagDeletion,
  TagLister,
  Target,
  TransferOptions,
} from "../target/target.js";
import { verifiedReadable } from "../target/verified-readable.js";
import type { RegistryClient } from "../transport/client.js";
import { blobExists, fetchBlob, probeBlob } from "./blobs.js";
import { checkDeletion, type DeleteManifest, deleteContent, deleteTag } from "./delete.js";
import { deleteTags } from "./delete-tags.js";
import { GithubPackage } from "./github-packages.js";
import { fetchManifestBytes, manifestExists, probeManifest, resolveManifest } from "./manifests.js";
import { mountBlob } from "./mount.js";
import { pushBlob } from "./push-blob.js";
import { pushManifest } from "./push-manifest.js";
import { readBlobRange } from "./read-range.js";
import { listReferrers } from "./referrers.js";
import { placeOf, type Repository } from "./repository.js";
import { streamBlob } from "./stream-blob.js";
import { listTags } from "./tags.js";
import { uploadHabits } from "./upload-habits.js";

/** A repository that is reached over HTTP (distribution specification). */
export class RemoteRepository
  implements
    Target,
    TagLister,
    ManifestFetcher,
    Mounter,
    ReferrerLister,
    Deleter,
    Prober,
    RangeReader,
    BlobStreamer
{
  readonly name: string;
  readonly host: string;
  readonly repository: string;
  readonly cache: ContentCache | undefined;
  readonly #remote: Repository;
  readonly #github: GithubPackage | undefined;
  readonly #blobPushes = new PushOnce();
  #listsReferrers = true;
  #servesRanges = true;
  readonly #deleteManifest: DeleteManifest = (manifest, options) =>
    this.#github?.delete(manifest, options) ?? deleteContent(this.#remote, manifest, options);

  /** The location's tag or digest is not part of the repository and is ignored. */
  constructor(
    location: Pick<RegistryLocation, "scheme" | "host" | "repository">,
    client: RegistryClient,
    cache?: ContentCache,
  ) {
    this.cache = cache;
    const { scheme, host, repository } = location;
    this.name = formatLocation({ kind: "registry", scheme, host, repository });
    this.host = host.toLowerCase();
    this.repository = repository;
    this.#remote = { client, scheme, host, repository, habits: uploadHabits(client.hosts(host)) };
    const api = client.githubApi(this.host);
    this.#github = api === undefined ? undefined : new GithubPackage(this.#remote, api);
  }

  resolve(reference: string, options: RequestOptions = {}): Promise<Descriptor> {
    return resolveManifest(this.#remote, reference, options);
  }

  fetchManifestBytes(reference: string, options: RequestOptions = {}) {
    return fetchManifestBytes(this.#remote, reference, options);
  }

  async fetch(descriptor: Descriptor, options: TransferOptions = {}): Promise<Readable> {
    if (!isManifestType(descriptor.mediaType)) return fetchBlob(this.#remote, descriptor, options);
    const { bytes } = await fetchManifestBytes(this.#remote, descriptor.digest, options);
    const place = placeOf(this.#remote, descriptor.digest);
    return verifiedReadable(Readable.from([bytes], { objectMode: false }), descriptor, { ...options, place });
  }

  exists(descriptor: Descriptor, options: RequestOptions = {}): Promise<boolean> {
    const exists = isManifestType(descriptor.mediaType) ? manifestExists : blobExists;
    return exists(this.#remote, descriptor, options);
  }

  probe(
    what: Pick<Descriptor, "digest" | "mediaType">,
    options: RequestOptions = {},
  ): Promise<ContentProbe | undefined> {
    const probe = isManifestType(what.mediaType) ? probeManifest : probeBlob;
    return probe(this.#remote, what, options);
  }

  /** A registry that once sent something else than a range is not asked for one again. */
  async readRange(
    descriptor: Descriptor,
    range: ByteRange,
    options: RequestOptions = {},
  ): Promise<Buffer | undefined> {
    if (!this.#servesRanges) return undefined;
    const bytes = await readBlobRange(this.#remote, descriptor, range, options);
    if (bytes === undefined) this.#servesRanges = false;
    return bytes;
  }

  push(descriptor: Descriptor, body: BodyFactory, options: PushOptions = {}): Promise<PushOutcome> {
    if (isManifestType(descriptor.mediaType)) return pushManifest(this.#remote, descriptor, body, options);
    const push = () => pushBlob(this.#remote, descriptor, body, options);
    return this.#blobPushes.run(descriptor.digest, push, options.signal);
  }

  streamBlob(body: BodyFactory, whole: Promise<Descriptor>, options: TransferOptions = {}): Promise<boolean> {
    return streamBlob(this.#remote, body, whole, options);
  }

  async tag(descriptor: Descriptor, tag: string, options: RequestOptions = {}): Promise<void> {
    const { bytes } = await fetchManifestBytes(this.#remote, descriptor.digest, options);
    await pushManifest(this.#remote, descriptor, bodyOf(bytes), { ...options, tag });
  }

  tags(options: RequestOptions = {}): AsyncIterable<string> {
    return listTags(this.#remote, options);
  }

  async mount(descriptor: Descriptor, repository: string, options: RequestOptions = {}): Promise<boolean> {
    return (await mountBlob(this.#remote, descriptor, repository, options)) === true;
  }

  /** A registry that once said that it has no such list is not asked again. */
  async referrers(subject: Digest, options: RequestOptions = {}): Promise<readonly Descriptor[] | undefined> {
    const found = this.#listsReferrers ? await listReferrers(this.#remote, subject, options) : undefined;
    this.#listsReferrers = found !== undefined;
    return found;
  }

  delete(what: Descriptor | { readonly tag: string }, options: RequestOptions = {}): Promise<void> {
    if ("tag" in what) return deleteTag(this.#remote, what.tag, this.#deleteManifest, options);
    if (isManifestType(what.mediaType)) return this.#deleteManifest(what, options);
    return deleteContent(this.#remote, what, options);
  }

  checkDeletion(options: RequestOptions = {}): Promise<void> {
    return this.#github?.check(options) ?? checkDeletion(this.#remote, options);
  }

  deleteTags(tags: readonly string[], options: DeleteTagsOptions = {}): Promise<readonly TagDeletion[]> {
    return deleteTags(this.#remote, tags, this.#deleteManifest, options);
  }
}
