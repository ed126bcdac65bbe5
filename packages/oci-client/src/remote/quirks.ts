// Names of registry products, and what has to be done for them alone, are here and nowhere else.

/** The host that serves the API for a host as people write it: Docker Hub answers to several names. */
export function apiHost(host: string): string {
  return host === "docker.io" || host === "index.docker.io" ? "registry-1.docker.io" : host;
}
