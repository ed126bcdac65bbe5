// A target holds content by digest and manifests by tag. Registries, directories and memory are targets.

import type { Readable } from "node:stream";
import type { Descriptor } from "../content/descriptor.js";
import type { Digest } from "../content/digest.js";
import type { ContentCache } from "./content-cache.js";
import type { StoredContent } from "./stored-content.js";

/** Opens a body. It can be called again: for a retry, a new upload session, or after re-authentication. */
export type BodyFactory = () => Readable | Promise<Readable>;

/** What a push did: sent the bytes, found existing content, or let the registry link it from another repository. */
export type PushOutcome = "uploaded" | "exists" | "mounted";

/** Options of everything that can wait. */
export interface RequestOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Options of everything that moves bytes. */
export interface TransferOptions extends RequestOptions {
  /** Called with the count of bytes as they pass; a negative count takes back the bytes of a failed attempt. */
  readonly onBytes?: ((count: number) => void) | undefined;
}

/** Options of a push. */
export interface PushOptions extends TransferOptions {
  /** The tag to put on a manifest. */
  readonly tag?: string | undefined;
  /**
   * The digest that the tag must point to before the push, or `nothing` if it must not exist; otherwise the push
   * fails with kind `conflict`, code `ERR_OCI_TAG_MOVED`. Registries without conditional writes move the tag
   * regardless.
   */
  readonly replacing?: Digest | "nothing" | undefined;
  /**
   * Whether the target may already have the blob; true if left out. If not, a registry is not asked before the blob is
   * sent, which does no harm if it exists.
   */
  readonly mayExist?: boolean | undefined;
  /** Repositories of the same host that may already have the blob, see {@link Mounter}. */
  readonly mountFrom?: readonly string[] | undefined;
  /**
   * Reopens the body of a manifest's child, for a registry that claims not to know a blob that it was given. Keep
   * bodies until their manifest is pushed.
   */
  readonly sources?: ((child: Descriptor) => BodyFactory | undefined) | undefined;
}

/** A place to push content to and fetch it from. Errors have the kinds of `SpackOciError`. */
export interface Target {
  /** For messages: `oci://host/path`, `oci-layout:/dir`, `memory:x`. */
  readonly name: string;
  /** Caches small content, so that it need not be fetched again. */
  readonly cache?: ContentCache | undefined;
  /**
   * The descriptor of the manifest with a tag or digest.
   *
   * @throws SpackOciError of kind `not-found` only if it really does not exist.
   */
  resolve(reference: string, options?: RequestOptions): Promise<Descriptor>;
  /**
   * Opens content. Size and digest are verified while it is read: on a mismatch, the stream fails with kind `corrupt`
   * before it ends. Read the stream or destroy it; until then, it occupies one of the registry's download slots.
   */
  fetch(descriptor: Descriptor, options?: TransferOptions): Promise<Readable>;
  /** Whether the content exists. Errors are thrown, never turned into `false`. */
  exists(descriptor: Descriptor, options?: RequestOptions): Promise<boolean>;
  /** Stores content, a manifest or a blob by its media type; the body is not opened if the content exists. */
  push(descriptor: Descriptor, body: BodyFactory, options?: PushOptions): Promise<PushOutcome>;
  /** Puts a tag on an existing manifest. */
  tag(descriptor: Descriptor, tag: string, options?: RequestOptions): Promise<void>;
}

/** A target that can list its tags. */
export interface TagLister {
  /** All tags in the target's own order, fetched as they are consumed; none if there are none. */
  tags(options?: RequestOptions): AsyncIterable<string>;
}

/** A target that returns a manifest's bytes in the request that resolves its tag. */
export interface ManifestFetcher {
  fetchManifestBytes(
    reference: string,
    options?: RequestOptions,
  ): Promise<{ descriptor: Descriptor; bytes: Buffer }>;
}

/** What a target reports about content without sending it. */
export interface ContentProbe {
  /** In bytes; undefined if the target does not report it. */
  readonly size: number | undefined;
}

/** A target that reports the stored size of content, regardless of any descriptor. */
export interface Prober {
  /** @returns undefined if the content does not exist; errors are thrown, never turned into undefined. */
  probe(
    what: Pick<Descriptor, "digest" | "mediaType">,
    options?: RequestOptions,
  ): Promise<ContentProbe | undefined>;
}

/** A part of some content. */
export interface ByteRange {
  /** The first byte, counted from 0. */
  readonly start: number;
  /** How many bytes; all of them are in the content. */
  readonly length: number;
}

/** A target that reads a part of a blob without the rest (RFC 9110, section 14, "Range Requests"). */
export interface RangeReader {
  /**
   * The bytes of a range, in memory. They are not covered by a digest: callers must check what they mean.
   *
   * @returns undefined if the target only sends whole blobs; what it has sent so far is dropped.
   * @throws SpackOciError of kind `not-found` if there is no such blob.
   */
  readRange(descriptor: Descriptor, range: ByteRange, options?: RequestOptions): Promise<Buffer | undefined>;
}

/** A target that keeps content in files of this machine. */
export interface ContentOpener {
  /** @returns undefined if the content does not exist or is damaged; fetch it for the error. */
  openContent(descriptor: Descriptor): StoredContent | undefined;
}

/**
 * A target that can link blobs from other repositories of its host (distribution specification, "Mounting a blob").
 */
export interface Mounter {
  /** The host within which blobs can be mounted; targets with equal hosts can mount from each other. */
  readonly host: string;
  /** The name under which another repository mounts from this one. */
  readonly repository: string;
  /** Tries to link a blob from `repository`; `false` if the registry does not do it, whatever the reason. */
  mount(descriptor: Descriptor, repository: string, options?: RequestOptions): Promise<boolean>;
}

/** A target that accepts a blob while it is still being made. */
export interface BlobStreamer {
  /**
   * Sends a blob whose digest is known only at its end; the target is not asked whether it already has it.
   *
   * @param body Yields bytes as they are made.
   * @param whole The descriptor of what the body yielded; awaited once it has ended.
   * @returns false if the target did not accept it: push it instead, which reports the problem.
   * @throws The signal's reason, and what `body` and `whole` throw.
   */
  streamBlob(body: BodyFactory, whole: Promise<Descriptor>, options?: TransferOptions): Promise<boolean>;
}

/**
 * A target that keeps track of which manifests refer to another one (distribution specification, "Listing
 * Referrers").
 */
export interface ReferrerLister {
  /** The manifests whose subject has this digest; undefined if the registry does not keep such lists. */
  referrers(subject: Digest, options?: RequestOptions): Promise<readonly Descriptor[] | undefined>;
}

/** The result of deleting a tag. */
export interface TagDeletion {
  readonly tag: string;
  /** Why the tag still exists; undefined if it is gone. */
  readonly error?: unknown;
}

/** Options of {@link Deleter.deleteTags}. */
export interface DeleteTagsOptions extends RequestOptions {
  /** Called for each tag as soon as its result is known. */
  readonly onDeleted?: ((deletion: TagDeletion) => void) | undefined;
}

/** A target that can delete content. */
export interface Deleter {
  /** Deletes a manifest or blob; with `tag`, only the tag, if the target supports that. */
  delete(what: Descriptor | { readonly tag: string }, options?: RequestOptions): Promise<void>;
  /**
   * Fails as a deletion would, as far as possible without changing anything.
   *
   * @throws SpackOciError of kind `unsupported` if the target does not delete, `denied` without the right to.
   */
  checkDeletion(options?: RequestOptions): Promise<void>;
  /**
   * Deletes tags, each with its manifest unless a remaining tag points to it or lists it in its index. A failure does
   * not stop the others, and a missing tag is not a failure. The next run finishes what a killed one began, even if
   * it is given no tags.
   *
   * @returns one result per tag, in order.
   */
  deleteTags(tags: readonly string[], options?: DeleteTagsOptions): Promise<readonly TagDeletion[]>;
}

/** Whether a target keeps content in files. */
export function isContentOpener(target: Target): target is Target & ContentOpener {
  return "openContent" in target && typeof target.openContent === "function";
}

/** Whether a target mounts blobs. */
export function isMounter(target: Target): target is Target & Mounter {
  return "mount" in target && typeof target.mount === "function";
}

/** Whether a target accepts blobs while they are being made. */
export function isBlobStreamer(target: Target): target is Target & BlobStreamer {
  return "streamBlob" in target && typeof target.streamBlob === "function";
}

/** Whether a target deletes. */
export function isDeleter(target: Target): target is Target & Deleter {
  return "delete" in target && typeof target.delete === "function";
}

/** Whether a target reports the size of content. */
export function isProber(target: Target): target is Target & Prober {
  return "probe" in target && typeof target.probe === "function";
}

/** Whether a target reads parts of blobs. */
export function isRangeReader(target: Target): target is Target & RangeReader {
  return "readRange" in target && typeof target.readRange === "function";
}

/** Whether a target fetches a manifest by tag in one request. */
export function isManifestFetcher(target: Target): target is Target & ManifestFetcher {
  return "fetchManifestBytes" in target && typeof target.fetchManifestBytes === "function";
}

/** Whether a target lists referrers. */
export function isReferrerLister(target: Target): target is Target & ReferrerLister {
  return "referrers" in target && typeof target.referrers === "function";
}
