// Facts about registry products that no answer of theirs reveals in time. Each names its source.

/** What is known about a host from its name alone. */
export interface KnownHost {
  /** Requests per second that the host tolerates over a long time. */
  readonly requestsPerSecond?: number;
  /** The size of the largest blob that it accepts, in bytes. */
  readonly maxBlobSize?: number;
  /** How long an upload may take before it is cut off, in milliseconds. */
  readonly maxUploadTime?: number;
  /** A hint for a connection that breaks when an upload starts. */
  readonly brokenUploadHint?: string;
  /** The origin of the REST API through which GitHub's registry deletes, because it rejects DELETE requests. */
  readonly githubApi?: string;
}

const GITHUB: KnownHost = {
  // 2000 a minute, with a secondary limit somewhere below (coreruleset/modsecurity-crs-docker#449).
  requestsPerSecond: 25,
  // GitHub's documentation of its container registry: 10 GB per layer, ten minutes per upload.
  maxBlobSize: 10 * 1024 ** 3,
  maxUploadTime: 600_000,
  githubApi: "https://api.github.com",
};

/** Amazon's registry closes the connection instead of reporting that a repository does not exist. */
const AMAZON: KnownHost = {
  brokenUploadHint:
    "This registry closes the connection if the repository does not exist. Create the repository first (aws ecr create-repository).",
};
const AMAZON_HOST = /\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?$/;

/** What is known about a host (`name` or `name:port`); empty for most. */
export function knownHost(host: string): KnownHost {
  const name = host.toLowerCase();
  if (name === "ghcr.io") return GITHUB;
  return AMAZON_HOST.test(name) ? AMAZON : {};
}
