// How blobs are sent to a repository: as its host's settings say, and as its answers taught.
import type { HostSettings } from "../settings/host-settings.js";

/** What is tried first; changes as the registry answers. */
export interface UploadHabits {
  /** Whether blobs are sent in chunks at once; true after one was refused whole and taken in chunks. */
  inChunks: boolean;
  /** Whether mounting without a source is tried; false after the registry knew no such thing (lesson 11). */
  mountsAnonymously: boolean;
  /** Blobs of at most so many bytes are sent by POST alone; 0 after the registry did not take one. */
  singlePostLimit: number;
  /** How often sending blobs while they are made may still fail; none after a refusal, and where it is not to be tried. */
  streamAttempts: number;
}

/** The habits to begin with. */
export function uploadHabits(settings: HostSettings): UploadHabits {
  const { chunkedUploads = false, anonymousMount = false, singlePostLimit = 0, largestBlob } = settings;
  return {
    inChunks: chunkedUploads,
    mountsAnonymously: anonymousMount,
    singlePostLimit,
    // What the user has set asks for other requests, or to know the blob before the first one.
    streamAttempts: chunkedUploads || anonymousMount || largestBlob !== undefined ? 0 : 2,
  };
}
