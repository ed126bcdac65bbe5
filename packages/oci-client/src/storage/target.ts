// A target holds content by digest and manifests by tag; registries, directories and memory all are one.
import type { Readable } from "node:stream";
import type { Descriptor } from "../content/descriptor.js";
import type { Digest } from "../content/digest.js";
import type { ContentCache } from "./content-cache.js";

/** Opens a body; it can be called again, for a retry, a new upload session, or after re-authentication. */
export type BodyFactory = () => Readable | Promise<Readable>;

/**
 * What a push did: sent the bytes, found them there, or had the registry link them from another repository of its.
 */
export type PushOutcome = "uploaded" | "exists" | "mounted";

/** Options of everything that can wait. */
export interface RequestOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Options of everything that moves bytes. */
export interface TransferOptions extends RequestOptions {
  /** Called as bytes pass, with their count; a negative count takes back the bytes of an attempt that failed. */
  readonly onBytes?: ((count: number) => void) | undefined;
}

/** Options of a push. */
export interface PushOptions extends TransferOptions {
  /** Puts a manifest under this tag. */
  readonly tag?: string | undefined;
  /**
   * What the tag has to be on, or that there has to be no such tag yet; else the push fails with kind `conflict`, code
   * `ERR_OCI_TAG_MOVED`. A registry may not look at it: then the tag is moved whatever it is on.
   */
  readonly replacing?: Digest | "nothing" | undefined;
  /** Repositories of the same host that may hold the blob already, see {@link Mounter}. */
  readonly mountFrom?: readonly string[] | undefined;
  /**
   * Opens what a manifest refers to again, for a registry that says it does not know a blob that it was given. Keep
   * bodies until their manifest is pushed.
   */
  readonly sources?: ((child: Descriptor) => BodyFactory | undefined) | undefined;
}

/** A place that content is pushed to and fetched from. Errors have the kinds of `SpackOciError`. */
export interface Target {
  /** For messages: `oci://host/path`, `oci-layout:/dir`, `memory:x`. */
  readonly name: string;
  /** Where small content that was fetched is kept, so that it need not be fetched again. */
  readonly cache?: ContentCache | undefined;
  /**
   * The descriptor of the manifest that a tag or digest names.
   *
   * @throws SpackOciError of kind `not-found` only when there really is none.
   */
  resolve(reference: string, options?: RequestOptions): Promise<Descriptor>;
  /**
   * Opens content; size and digest are verified while it is read, and the stream fails with kind `corrupt` before it
   * ends when they differ. Read the stream or destroy it: until then a registry's holds one of the host's places for
   * downloads.
   */
  fetch(descriptor: Descriptor, options?: TransferOptions): Promise<Readable>;
  /** Whether the content is there. An error is thrown, never turned into `false`. */
  exists(descriptor: Descriptor, options?: RequestOptions): Promise<boolean>;
  /** Puts content there, a manifest or a blob by its media type; the body is not opened when it is there already. */
  push(descriptor: Descriptor, body: BodyFactory, options?: PushOptions): Promise<PushOutcome>;
  /** Puts a tag on a manifest that is there. */
  tag(descriptor: Descriptor, tag: string, options?: RequestOptions): Promise<void>;
}

/** A target that can list its tags. */
export interface TagLister {
  /** All tags, in the target's own order, fetched as they are consumed; nothing when there are none. */
  tags(options?: RequestOptions): AsyncIterable<string>;
}

/** A target that answers with a manifest's bytes in the same request that resolves its tag. */
export interface ManifestFetcher {
  fetchManifestBytes(
    reference: string,
    options?: RequestOptions,
  ): Promise<{ descriptor: Descriptor; bytes: Buffer }>;
}

/** What a target says of content without sending it. */
export interface ContentProbe {
  /** In bytes; undefined where the target does not say. */
  readonly size: number | undefined;
}

/** A target that tells how long content is as it is stored, whatever a descriptor says. */
export interface Prober {
  /** @returns undefined where the content is not there; an error is thrown, never turned into that */
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

/** A target that reads a part of a blob without what is around it (RFC 9110, section 14, "Range Requests"). */
export interface RangeReader {
  /**
   * The bytes of a range, in memory. No digest vouches for a part: whoever reads it checks what it means.
   *
   * @returns undefined where the target sends whole blobs only; what it has sent by then is dropped
   * @throws SpackOciError of kind `not-found` where there is no such blob
   */
  readRange(descriptor: Descriptor, range: ByteRange, options?: RequestOptions): Promise<Buffer | undefined>;
}

/** A target that can link blobs from other repositories of its host (distribution specification, "Mounting a blob"). */
export interface Mounter {
  /** The host within which blobs can be mounted; equal hosts can mount from one another. */
  readonly host: string;
  /** The name by which another repository mounts from this one. */
  readonly repository: string;
  /** Tries to link a blob from `repository`; `false` when the registry does not do it, whatever its reason. */
  mount(descriptor: Descriptor, repository: string, options?: RequestOptions): Promise<boolean>;
}

/** A target that takes a blob while it is still being made. */
export interface BlobStreamer {
  /**
   * Sends a blob of which its end will tell the digest; the target is not asked whether it has it.
   *
   * @param body gives bytes as they are made
   * @param whole what the body has turned out to be; awaited once it has ended
   * @returns false where the target did not take it so: then it has to be pushed, which tells what is wrong
   * @throws the signal's reason, and what `body` and `whole` throw
   */
  streamBlob(body: BodyFactory, whole: Promise<Descriptor>, options?: TransferOptions): Promise<boolean>;
}

/** A target that knows by itself which manifests refer to another (distribution specification, "Listing Referrers"). */
export interface ReferrerLister {
  /** The manifests whose subject has this digest; undefined where the registry does not keep such lists. */
  referrers(subject: Digest, options?: RequestOptions): Promise<readonly Descriptor[] | undefined>;
}

/** How the deletion of a tag ended. */
export interface TagDeletion {
  readonly tag: string;
  /** Why the tag is still there; undefined when it is gone. */
  readonly error?: unknown;
}

/** Options of {@link Deleter.deleteTags}. */
export interface DeleteTagsOptions extends RequestOptions {
  /** Told of each tag as soon as its fate is known. */
  readonly onDeleted?: ((deletion: TagDeletion) => void) | undefined;
}

/** A target that can remove content. */
export interface Deleter {
  /** Removes a manifest or blob; with `tag` the tag alone, where the target can. */
  delete(what: Descriptor | { readonly tag: string }, options?: RequestOptions): Promise<void>;
  /**
   * Fails as deleting would, as far as that can be told without changing anything.
   *
   * @throws SpackOciError of kind `unsupported` where the target does not delete, `denied` without the right to
   */
  checkDeletion(options?: RequestOptions): Promise<void>;
  /**
   * Removes tags, each with its manifest unless a tag that stays needs that: has it too, or lists it in its index. One
   * that fails does not stop the others, and one that is gone already is no failure. What a run that was killed left
   * half-done is finished by the next, even without any tags.
   *
   * @returns a result per tag, in their order
   */
  deleteTags(tags: readonly string[], options?: DeleteTagsOptions): Promise<readonly TagDeletion[]>;
}

/** Whether a target lists tags. */
export function isTagLister(target: Target): target is Target & TagLister {
  return "tags" in target && typeof target.tags === "function";
}

/** Whether a target mounts blobs. */
export function isMounter(target: Target): target is Target & Mounter {
  return "mount" in target && typeof target.mount === "function";
}

/** Whether a target takes blobs while they are being made. */
export function isBlobStreamer(target: Target): target is Target & BlobStreamer {
  return "streamBlob" in target && typeof target.streamBlob === "function";
}

/** Whether a target deletes. */
export function isDeleter(target: Target): target is Target & Deleter {
  return "delete" in target && typeof target.delete === "function";
}

/** Whether a target tells the length of content. */
export function isProber(target: Target): target is Target & Prober {
  return "probe" in target && typeof target.probe === "function";
}

/** Whether a target reads parts of blobs. */
export function isRangeReader(target: Target): target is Target & RangeReader {
  return "readRange" in target && typeof target.readRange === "function";
}

/** Whether a target fetches a manifest by tag in one step. */
export function isManifestFetcher(target: Target): target is Target & ManifestFetcher {
  return "fetchManifestBytes" in target && typeof target.fetchManifestBytes === "function";
}

/** Whether a target lists referrers. */
export function isReferrerLister(target: Target): target is Target & ReferrerLister {
  return "referrers" in target && typeof target.referrers === "function";
}
