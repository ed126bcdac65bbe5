// Docker Hub answers to several names, and people write default ports or leave them out.

/** The host that an image reference without a host means. */
export const DEFAULT_HOST = "index.docker.io";

const DOCKER_HUB_HOSTS: readonly string[] = ["docker.io", DEFAULT_HOST, "registry-1.docker.io"];
const DOCKER_HUB_SERVER = "https://index.docker.io/v1/";

/** The host that serves the API of a host as people write it. */
export function apiHost(host: string): string {
  return host === "docker.io" || host === DEFAULT_HOST ? "registry-1.docker.io" : host;
}

/** All names of a host, the most common one first. */
export function namesOf(host: string): readonly string[] {
  return DOCKER_HUB_HOSTS.includes(host) ? DOCKER_HUB_HOSTS : [host];
}

/** The name of a host in files of credentials, as docker writes it. */
export function credentialServer(host: string): string {
  return DOCKER_HUB_HOSTS.includes(host) ? DOCKER_HUB_SERVER : host;
}

/** Whether two hosts are the same registry. */
export function isSameHost(a: string, b: string): boolean {
  return canonicalHost(a) === canonicalHost(b);
}

function canonicalHost(host: string): string {
  const bare = host.toLowerCase().replace(/:(?:443|80)$/, "");
  return DOCKER_HUB_HOSTS.includes(bare) ? "docker.io" : bare;
}
