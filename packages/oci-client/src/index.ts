// What @spack-oci/oci-client offers to other packages.

export { CacheDirectory, type CacheDirectoryOptions, type CacheUsage } from "./cache/cache-directory.js";
export { type Descriptor, descriptorOf, type Platform } from "./content/descriptor.js";
export {
  algorithmOf,
  type Digest,
  type DigestAlgorithm,
  digestOf,
  hexOf,
  isDigest,
  parseDigest,
} from "./content/digest.js";
export {
  childrenOf,
  type ImageIndex,
  type ImageManifest,
  isDistributable,
  isImageIndex,
  type Manifest,
  parseManifest,
} from "./content/manifest.js";
export { isIndexType, isManifestType, mediaTypes } from "./content/media-types.js";
export { selectPlatform } from "./content/platform.js";
export { referrersTag, subjectOfTag } from "./content/referrers.js";
export { DigestVerifier, verifying } from "./content/verify.js";
export { copyContent } from "./copy/copy-content.js";
export { copyImage, copyReferrers } from "./copy/copy-image.js";
export type { CopyOptions } from "./copy/copy-options.js";
export { KnownContent } from "./copy/known-content.js";
export { chainCredentials } from "./credentials/chain.js";
export type { Credential, Credentials } from "./credentials/credential.js";
export { type DefaultCredentialsOptions, defaultCredentials } from "./credentials/default-credentials.js";
export { fileCredentials } from "./credentials/docker-config.js";
export { environmentCredentials } from "./credentials/environment.js";
export { type MirrorAccess, mirrorCredentials } from "./credentials/mirror.js";
export { eraseCredential, type StoredIn, type StoreOptions, storeCredential } from "./credentials/store.js";
export type { FollowPolicy } from "./http/follow.js";
export { ImageLayout } from "./layout/image-layout.js";
export { MemoryTarget } from "./memory/memory-target.js";
export { type OpenOptions, openTarget } from "./open-target.js";
export type { HostSettings, SettingsOfHost } from "./quirks/host-settings.js";
export {
  formatLocation,
  type LayoutLocation,
  type Location,
  parseLocation,
  type RegistryLocation,
} from "./reference/location.js";
export { ensureTag, formatReference, isTag, parseReference, type Reference } from "./reference/reference.js";
export { openUrl, readUrl } from "./remote/downloads/url-content.js";
export type { CacheFailure } from "./remote/pull-through.js";
export { RemoteRepository } from "./remote/remote-repository.js";
export { verifyCredential } from "./remote/verify-credential.js";
export {
  type HostEntry,
  type RegistrySettings,
  readRegistrySettings,
} from "./settings/registry-settings.js";
export {
  bodyOf,
  fetchBytes,
  MAX_FETCHED_MANIFEST_SIZE,
  MAX_PUSHED_MANIFEST_SIZE,
  pushBytes,
  sourcesOf,
} from "./storage/bytes.js";
export type { ContentCache } from "./storage/content-cache.js";
export { type FetchedManifest, fetchManifest } from "./storage/fetch-manifest.js";
export {
  type BlobStreamer,
  type BodyFactory,
  type ByteRange,
  type ContentProbe,
  type Deleter,
  type DeleteTagsOptions,
  isBlobStreamer,
  isDeleter,
  isManifestFetcher,
  isMounter,
  isProber,
  isRangeReader,
  isReferrerLister,
  isTagLister,
  type ManifestFetcher,
  type Mounter,
  type Prober,
  type PushOptions,
  type PushOutcome,
  type RangeReader,
  type ReferrerLister,
  type RequestOptions,
  type TagDeletion,
  type TagLister,
  type Target,
  type TransferOptions,
} from "./storage/target.js";
export type { RetryPolicy } from "./transport/backoff.js";
export { createRegistryClient, type RegistryClient, type RegistryClientOptions } from "./transport/client.js";
export type { Clock } from "./transport/clock.js";
export type { HttpTrace } from "./transport/redaction.js";
export type { TlsOptions } from "./transport/tls.js";
export type { Timeouts } from "./transport/undici-transport.js";
export { cacheDirectory, configDirectory } from "./user-dirs/user-directories.js";
