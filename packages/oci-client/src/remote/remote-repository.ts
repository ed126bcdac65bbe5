// A repository of a registry as a target; each operation has a file of its own.

import { Readable } from "node:stream";
import type { Descriptor } from "../content/descriptor.js";
import type { Digest } from "../content/digest.js";
import { isManifestType } from "../content/media-types.js";
import { GithubPackage } from "../quirks/github-packages.js";
import { initialBehavior } from "../quirks/learned-behavior.js";
import { formatLocation, type RegistryLocation } from "../reference/location.js";
import { bodyOf } from "../storage/bytes.js";
import type { ContentCache } from "../storage/content-cache.js";
import { PushOnce } from "../storage/push-once.js";
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
} from "../storage/target.js";
import { verifiedReadable } from "../storage/verified-readable.js";
import type { RegistryClient } from "../transport/client.js";
import { checkDeletion, type Deletion, deleteContent, deleteTag } from "./deletion/delete.js";
import { deleteTagsAndManifests } from "./deletion/delete-tags.js";
import { blobExists, fetchBlob, probeBlob } from "./downloads/blobs.js";
import { fetchBlobRange } from "./downloads/read-range.js";
import { listReferrers } from "./lists/referrers.js";
import { listTags } from "./lists/tags.js";
import { pushManifest } from "./manifests/push-manifest.js";
import {
  fetchManifestBytes,
  manifestExists,
  probeManifest,
  resolveManifest,
} from "./manifests/read-manifest.js";
import { describePlace, type Repository } from "./requests/repository.js";
import { mountBlob } from "./uploads/mount.js";
import { pushBlob } from "./uploads/push-blob.js";
import { streamBlob } from "./uploads/stream-blob.js";

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
  #firstReferrers: Promise<unknown> | undefined;
  readonly #github: GithubPackage | undefined;
  readonly #blobPushes = new PushOnce();

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
    const { known, settings } = client.hosts(host);
    this.#remote = { client, scheme, host, repository, learned: initialBehavior(settings) };
    this.#github = known.githubApi === undefined ? undefined : githubPackage(this.#remote, known.githubApi);
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
    const place = describePlace(this.#remote, descriptor.digest);
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

  async readRange(
    { digest }: Descriptor,
    range: ByteRange,
    options: RequestOptions = {},
  ): Promise<Buffer | undefined> {
    const { learned } = this.#remote;
    if (!learned.servesRanges) return undefined;
    const bytes = await fetchBlobRange(this.#remote, { digest, ...range }, options);
    if (bytes === undefined) learned.servesRanges = false;
    return bytes;
  }

  push(descriptor: Descriptor, body: BodyFactory, options: PushOptions = {}): Promise<PushOutcome> {
    const push = { repository: this.#remote, descriptor, body, options };
    if (isManifestType(descriptor.mediaType)) return pushManifest(push);
    return this.#blobPushes.run(descriptor.digest, () => pushBlob(push), options.signal);
  }

  streamBlob(body: BodyFactory, whole: Promise<Descriptor>, options: TransferOptions = {}): Promise<boolean> {
    return streamBlob(this.#remote, { body, whole }, options);
  }

  async tag(descriptor: Descriptor, tag: string, options: RequestOptions = {}): Promise<void> {
    const { bytes } = await fetchManifestBytes(this.#remote, descriptor.digest, options);
    const body = bodyOf(bytes);
    await pushManifest({ repository: this.#remote, descriptor, body, options: { ...options, tag } });
  }

  tags(options: RequestOptions = {}): AsyncIterable<string> {
    return listTags(this.#remote, options);
  }

  async mount(descriptor: Descriptor, repository: string, { signal }: RequestOptions = {}): Promise<boolean> {
    return (await mountBlob(this.#remote, descriptor, { from: repository, signal })) === true;
  }

  async referrers(subject: Digest, options: RequestOptions = {}): Promise<readonly Descriptor[] | undefined> {
    // The first answer shows whether there is such an API; those who start meanwhile do not all ask in vain.
    await this.#firstReferrers?.catch(() => undefined);
    if (!this.#remote.learned.listsReferrers) return undefined;
    const found = this.#askForReferrers(subject, options);
    this.#firstReferrers ??= found;
    return found;
  }

  async #askForReferrers(
    subject: Digest,
    options: RequestOptions,
  ): Promise<readonly Descriptor[] | undefined> {
    const found = await listReferrers(this.#remote, subject, options);
    this.#remote.learned.listsReferrers = found !== undefined;
    return found;
  }

  delete(what: Descriptor | { readonly tag: string }, options: RequestOptions = {}): Promise<void> {
    if ("tag" in what) return deleteTag(this.#deletion(options), what.tag);
    if (isManifestType(what.mediaType)) return this.#deleteManifest(what, options);
    return deleteContent(this.#remote, what, options);
  }

  checkDeletion(options: RequestOptions = {}): Promise<void> {
    return this.#github?.check(options) ?? checkDeletion(this.#remote, options);
  }

  deleteTags(tags: readonly string[], options: DeleteTagsOptions = {}): Promise<readonly TagDeletion[]> {
    return deleteTagsAndManifests(this.#deletion(options), tags);
  }

  #deletion<Options extends RequestOptions>(options: Options): Deletion<Options> {
    const listReferrers = (subject: Digest, request: RequestOptions) => this.referrers(subject, request);
    return { repository: this.#remote, deleteManifest: this.#deleteManifest, listReferrers, options };
  }

  readonly #deleteManifest = (manifest: Descriptor, options: RequestOptions): Promise<void> =>
    this.#github?.delete(manifest, options) ?? deleteContent(this.#remote, manifest, options);
}

function githubPackage({ client, host, repository }: Repository, api: string): GithubPackage {
  const password = async () => {
    const credential = await client.credentials(host, repository);
    return credential?.kind === "basic" ? credential.password : undefined;
  };
  return new GithubPackage({ api, host, repository, send: client.send, password });
}
