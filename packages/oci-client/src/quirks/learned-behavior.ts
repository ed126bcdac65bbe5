// What a registry's answers have shown about a repository, for as long as the process runs.

import type { HostSettings } from "./host-settings.js";

/** How to send blobs; changes as the registry answers. */
interface UploadStrategy {
  /** Whether to send blobs in chunks; true after the registry rejected one whole and accepted it in chunks. */
  inChunks: boolean;
  /** Whether to try mounting without a source; false after the registry did not understand it. */
  mountsAnonymously: boolean;
  /** Blobs of up to this many bytes are sent by POST alone; 0 after the registry did not accept one. */
  singlePostLimit: number;
  /** How many more times streaming an unfinished blob may fail; 0 after a rejection, and if it must not be tried. */
  streamAttempts: number;
}

/** What a registry has shown so far. */
export interface LearnedBehavior {
  readonly uploads: UploadStrategy;
  /** False after the registry answered that it has no referrers API. */
  listsReferrers: boolean;
  /** False after the registry answered a range request with something else. */
  servesRanges: boolean;
}

/** Where learning starts. */
export function initialBehavior(settings: HostSettings): LearnedBehavior {
  const { chunkedUploads = false, anonymousMount = false, singlePostLimit = 0, largestBlob } = settings;
  return {
    uploads: {
      inChunks: chunkedUploads,
      mountsAnonymously: anonymousMount,
      singlePostLimit,
      // These settings need other requests, or the blob's size or digest before the first one.
      streamAttempts: chunkedUploads || anonymousMount || largestBlob !== undefined ? 0 : 2,
    },
    listsReferrers: true,
    servesRanges: true,
  };
}
