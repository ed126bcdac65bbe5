// What users can set for a host whose needs differ from the defaults.

/** How to talk to one registry; everything has a default. */
export interface HostSettings {
  /** Concurrent requests in each lane: questions, downloads and uploads. */
  readonly connections?: number;
  /** Requests per second, averaged over a long time. */
  readonly requestsPerSecond?: number;
  /** Blobs of up to this many bytes are sent in the request that opens their upload. */
  readonly singlePostLimit?: number;
  /**
   * Whether to try to mount blobs without a source (distribution specification, "Mounting a blob from another
   * repository").
   */
  readonly anonymousMount?: boolean;
  /** Whether to send blobs in chunks from the start, rather than only after the registry rejects them whole. */
  readonly chunkedUploads?: boolean;
  /** Whether to send credentials to the host over plain http; loopback addresses always get them. */
  readonly credentialsOverHttp?: boolean;
  /** The size of the largest blob that the host accepts, in bytes; larger ones fail before anything is sent. */
  readonly largestBlob?: number;
}

/** The settings of a host (`name` or `name:port`). */
export type SettingsOfHost = (host: string) => HostSettings;
