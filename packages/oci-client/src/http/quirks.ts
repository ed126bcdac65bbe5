// Names of registry products, and what has to be done for them alone, are here and nowhere else.

/** The host that serves the API for a host as people write it: Docker Hub answers to several names. */
export function apiHost(host: string): string {
  return host === "docker.io" || host === "index.docker.io" ? "registry-1.docker.io" : host;
}

/** Requests per second that a host bears for long; undefined when nobody has said so. */
export function steadyRate(host: string): number | undefined {
  // 2000 a minute, with its secondary limit somewhere below (coreruleset/modsecurity-crs-docker#449).
  return host === "ghcr.io" ? 25 : undefined;
}

/** What a host is known to refuse: blobs of more bytes, and uploads of more milliseconds; nothing where nobody said so. */
export function uploadLimits(host: string): { readonly bytes?: number; readonly milliseconds?: number } {
  // GitHub's documentation of its container registry: 10 GB a layer, ten minutes an upload (lesson 4).
  return host === "ghcr.io" ? { bytes: 10 * 1024 ** 3, milliseconds: 600_000 } : {};
}

/** A sentence for a connection that breaks when an upload starts: some say so that there is no such repository. */
export function brokenUploadHint(host: string): string | undefined {
  // Lesson 8.
  return /\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?$/.test(host)
    ? "This registry closes the connection when the repository does not exist: create it first (aws ecr create-repository)."
    : undefined;
}

/** The REST API through which a registry deletes, where it does not by the distribution specification. */
export function githubApi(host: string): string | undefined {
  // Lesson 31.
  return host === "ghcr.io" ? "https://api.github.com" : undefined;
}
