// Files and helpers name a host in several ways.

import { credentialServer, namesOf } from "../quirks/host-names.js";

/**
 * The keys that may hold a repository's credential, the most specific first: `host/path/to/repository`, its parents
 * (podman's path-scoped keys), then the host as each tool writes it.
 */
export function keysFor(host: string, repository: string): string[] {
  const hosts = namesOf(host);
  const server = credentialServer(host);
  const parts = repository.split("/").filter((part) => part !== "");
  const paths = parts.map((_, i) => parts.slice(0, parts.length - i).join("/"));
  const scoped = paths.flatMap((path) => hosts.map((name) => `${name}/${path}`));
  const whole = hosts.flatMap(spellings);
  return server === host ? [...scoped, ...whole] : [...scoped, server, ...whole];
}

function spellings(host: string): string[] {
  const forms = [host, `https://${host}`, `http://${host}`];
  return [
    ...forms,
    ...forms.map((form) => `${form}/`),
    ...forms.flatMap((form) => [`${form}/v1/`, `${form}/v2/`]),
  ];
}
