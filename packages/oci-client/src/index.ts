// The public surface of @spack-oci/oci-client: what other packages and the examples of its README use.

export { CacheDirectory } from "./cache/cache-directory.js";
export { type Descriptor, descriptorOf, type Platform } from "./content/descriptor.js";
export { type Digest, digestOf, isDigest } from "./content/digest.js";
export {
  childrenOf,
  type ImageIndex,
  type ImageManifest,
  isDistributable,
  isImageIndex,
  type Manifest,
  parseManifest,
} from "./content/manifest.js";
export { isManifestType, MEDIA_TYPES } from "./content/media-types.js";
export { selectPlatform } from "./content/platform.js";
export { referrersTag, subjectOfAttachedTag, subjectOfTag } from "./content/referrers.js";
export { verifying } from "./content/verify.js";
export { copyContent } from "./copy/copy-content.js";
export { copyImage, copyReferrers } from "./copy/copy-image.js";
export type { CopyOptions } from "./copy/copy-options.js";
export { KnownContent } from "./copy/known-content.js";
export type { Credentials } from "./credentials/credential.js";
export { defaultCredentials } from "./credentials/default-credentials.js";
export type { RepositoryCredential } from "./credentials/repository-credentials.js";
export { eraseCredential, type StoredIn, storeCredential } from "./credentials/store.js";
export { ImageLayout } from "./layout/image-layout.js";
export { MAX_FETCHED_MANIFEST_SIZE } from "./limits.js";
export { MemoryTarget } from "./memory/memory-target.js";
export { openTarget } from "./open-target.js";
export { formatLocation, type Location, parseLocation } from "./reference/location.js";
export { ensureTag, formatReference, parseReference } from "./reference/reference.js";
export { type Artifact, attachReferrer } from "./referrers/attach-referrer.js";
export { referrersOf } from "./referrers/referrer-lists.js";
export { openUrl, readUrl } from "./remote/downloads/url-content.js";
export { verifyCredential } from "./remote/verify-credential.js";
export { readRegistrySettings } from "./settings/registry-settings.js";
export { bodyOf, fetchBytes, fetchWhole, pushBytes, sourcesOf } from "./storage/bytes.js";
export type { ContentCache } from "./storage/content-cache.js";
export { type FetchedManifest, fetchManifest } from "./storage/fetch-manifest.js";
export { onAbort } from "./storage/on-abort.js";
export type { StoredContent } from "./storage/stored-content.js";
export {
  type BlobStreamer,
  type BodyFactory,
  type ByteRange,
  type Deleter,
  isBlobStreamer,
  isContentOpener,
  isDeleter,
  isMounter,
  isProber,
  isRangeReader,
  type PushOptions,
  type PushOutcome,
  type RequestOptions,
  type TagLister,
  type Target,
  type TransferOptions,
} from "./storage/target.js";
export { createRegistryClient, type RegistryClient, type RegistryClientOptions } from "./transport/client.js";
export { cacheDirectory, configDirectory, dataDirectory } from "./user-dirs/user-directories.js";
