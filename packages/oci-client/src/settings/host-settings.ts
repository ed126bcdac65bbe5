// What a user may say of a host, where what this client does by itself does not fit it.

/** How one registry is spoken to; everything has a default. */
export interface HostSettings {
  /** Requests at once, in each of: questions, downloads, uploads. */
  readonly connections?: number;
  /** Requests that may start in a second, for long. */
  readonly requestsPerSecond?: number;
  /** Blobs of at most so many bytes are sent in the one request that opens their upload. */
  readonly singlePostLimit?: number;
  /** Whether blobs may be mounted without saying from where (specification, "Mounting a blob from another repository"). */
  readonly anonymousMount?: boolean;
  /** Whether blobs are sent in chunks at once, rather than only where they are refused whole. */
  readonly chunkedUploads?: boolean;
  /** Whether the host may be given credentials over plain http; this machine always may. */
  readonly credentialsOverHttp?: boolean;
  /** The largest blob that the host takes, in bytes; a larger one fails before anything is sent. */
  readonly largestBlob?: number;
}

/** The settings of a host (`name` or `name:port`). */
export type SettingsOfHost = (host: string) => HostSettings;
