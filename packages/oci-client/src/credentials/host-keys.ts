// How files and helpers name a host: several spellings mean the same one, and a part of a name means none (lesson 36).

const dockerHub = new Set(["docker.io", "index.docker.io", "registry-1.docker.io"]);
const dockerHubKey = "https://index.docker.io/v1/";

/**
 * The keys under which a repository's credential may stand, the most specific first: `host/path/to/repository`, its
 * parents (podman's path-scoped keys), then the host as each tool writes it.
 */
export function keysFor(host: string, repository: string): string[] {
  const hosts = dockerHub.has(host) ? ["docker.io", "index.docker.io", "registry-1.docker.io"] : [host];
  const parts = repository.split("/").filter((part) => part !== "");
  const paths = parts.map((_, i) => parts.slice(0, parts.length - i).join("/"));
  const scoped = paths.flatMap((path) => hosts.map((name) => `${name}/${path}`));
  const whole = hosts.flatMap(spellings);
  return dockerHub.has(host) ? [...scoped, dockerHubKey, ...whole] : [...scoped, ...whole];
}

function spellings(host: string): string[] {
  const forms = [host, `https://${host}`, `http://${host}`];
  return [
    ...forms,
    ...forms.map((form) => `${form}/`),
    ...forms.flatMap((form) => [`${form}/v1/`, `${form}/v2/`]),
  ];
}

/** The key under which a new credential for a host is stored, which other tools look for as well. */
export function serverFor(host: string): string {
  return dockerHub.has(host) ? dockerHubKey : host;
}

/** Whether two hosts are the same registry: Docker Hub has several names, and default ports may be written or not. */
export function isSameHost(a: string, b: string): boolean {
  return canonicalHost(a) === canonicalHost(b);
}

function canonicalHost(host: string): string {
  const bare = host.toLowerCase().replace(/:(?:443|80)$/, "");
  return dockerHub.has(bare) ? "docker.io" : bare;
}
