// GitHub's REST API for packages, as documented, on top of the manifests of a test registry.

import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { type Answer, answer, json } from "./test-registry/answer.js";
import type { StoredRepository } from "./test-registry/storage.js";

/** The contents of the API, and who may use it. */
export interface GithubPackagesOptions {
  readonly owner: string;
  readonly ownerKind: "orgs" | "users";
  readonly name: string;
  readonly repository: StoredRepository;
  readonly token: string;
  /** The scopes of the token, as GitHub reports them for classic tokens; left out for others. */
  readonly scopes?: string;
  /** The next page that every page of versions links to, instead of the real one. */
  readonly next?: string;
}

/** A running API. */
export interface GithubPackages {
  readonly origin: string;
  /** Method, path and query of every request. */
  readonly requests: string[];
  close(): Promise<void>;
}

/** https://docs.github.com/en/rest/packages/packages */
export async function startGithubPackages(options: GithubPackagesOptions): Promise<GithubPackages> {
  const requests: string[] = [];
  const ids = new Map<string, number>();
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const { status, headers, body } = respond(request, options, ids);
    const scopes = options.scopes === undefined ? {} : { "x-oauth-scopes": options.scopes };
    response.writeHead(status, { ...headers, ...scopes }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function respond(
  request: IncomingMessage,
  { owner, ownerKind, name, repository, token, scopes = "", next }: GithubPackagesOptions,
  ids: Map<string, number>,
): Answer {
  if (request.headers.authorization !== `Bearer ${token}`) return fail(401, "Bad credentials");
  const url = new URL(request.url ?? "/", `http://${request.headers.host}`);
  const path = `/${ownerKind}/${owner}/packages/container/${encodeURIComponent(name)}`;
  if (!url.pathname.startsWith(path)) return fail(404, "Not Found");
  const rest = url.pathname.slice(path.length);
  if (rest === "") return json(200, { name, package_type: "container" });
  const versions = versionsOf(repository, ids);
  if (rest === "/versions" && request.method === "GET") return listVersions(url, versions, next);
  const version = versions.find(({ id }) => rest === `/versions/${id}`);
  if (version === undefined || request.method !== "DELETE") return fail(404, "Not Found");
  if (scopes !== "" && !scopes.includes("delete:packages")) return fail(403, "Must have admin rights");
  const tagged = versions.filter(({ metadata }) => metadata.container.tags.length > 0);
  if (tagged.length === 1 && tagged[0] === version) {
    return fail(
      400,
      "You cannot delete the last tagged version of a package. You must delete the package instead.",
    );
  }
  repository.manifests.delete(version.name);
  for (const [tag, digest] of repository.tags) if (digest === version.name) repository.tags.delete(tag);
  return answer(204);
}

function listVersions(url: URL, versions: readonly unknown[], next: string | undefined): Answer {
  const perPage = Math.min(Number(url.searchParams.get("per_page") ?? 30), 100);
  const page = Number(url.searchParams.get("page") ?? 1);
  url.searchParams.set("page", String(page + 1));
  const following = next ?? (versions.length > page * perPage ? url.href : undefined);
  return json(
    200,
    versions.slice((page - 1) * perPage, page * perPage),
    following === undefined ? {} : { link: `<${following}>; rel="next"` },
  );
}

function fail(status: number, message: string): Answer {
  return json(status, { message, documentation_url: "https://docs.github.com/rest" });
}

/** Newest first. */
function versionsOf({ manifests, tags }: StoredRepository, ids: Map<string, number>) {
  for (const digest of manifests.keys()) if (!ids.has(digest)) ids.set(digest, 1000 + ids.size);
  return [...manifests.keys()].reverse().map((digest) => ({
    id: ids.get(digest) ?? 0,
    name: digest,
    metadata: {
      package_type: "container",
      container: { tags: [...tags].flatMap(([tag, tagged]) => (tagged === digest ? [tag] : [])) },
    },
  }));
}
