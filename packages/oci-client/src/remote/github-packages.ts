// Deletes at GitHub's registry, which refuses manifest DELETE: its REST API deletes versions of packages instead.
import { SpackOciError } from "@spack-oci/errors";
import { maySendSecret } from "../auth/basic.js";
import type { Descriptor } from "../content/descriptor.js";
import { type Digest, isDigest } from "../content/digest.js";
import { isRecord, parseJsonOrUndefined } from "../content/json.js";
import { type HttpResponse, headerOf } from "../http/http.js";
import { listLimit } from "../http/limits.js";
import { StatusError, statusError } from "../http/status-error.js";
import { notFound } from "../target/errors.js";
import type { RequestOptions } from "../target/target.js";
import { nextLink } from "./link.js";
import { placeOf, type Repository } from "./repository.js";

/** The most versions that the API puts on a page. */
const pageSize = 100;

/**
 * A repository as GitHub's REST API has it: a package of type `container`, each of its versions a manifest with its tags
 * (https://docs.github.com/rest/packages/packages).
 */
export class GithubPackage {
  readonly #repository: Repository;
  readonly #api: string;
  /** Numbers of versions by their digest; read whole once, because deleting shifts the pages. */
  readonly #versions = new Map<string, number>();
  #isListed = false;
  /** The path of the package's versions, once it is known whether an organization owns them or a user. */
  #path: string | undefined;

  /** @param api the REST API without a path, `https://api.github.com` */
  constructor(repository: Repository, api: string) {
    this.#repository = repository;
    this.#api = api.replace(/\/$/, "");
  }

  /**
   * Fails where the token cannot delete, as far as can be told without deleting: GitHub says which rights a token of the
   * classic kind has.
   */
  async check(options: RequestOptions): Promise<void> {
    const response = await this.#versionsPage(undefined, options);
    const rights = headerOf(response, "x-oauth-scopes");
    if (!rights?.trim() || rights.split(/,\s*/).includes("delete:packages")) return;
    throw this.#denied(`the token may do no more than ${rights}`);
  }

  /** Deletes a manifest with all of its tags. */
  async delete({ digest }: Pick<Descriptor, "digest">, options: RequestOptions): Promise<void> {
    const version = await this.#find(digest, options);
    if (version === undefined) throw notFound(placeOf(this.#repository), digest);
    await this.#send("DELETE", `${await this.#versionsPath(options)}/${version}`, 204, options);
    this.#versions.delete(digest);
  }

  /** New versions come first, so that one which was pushed a moment ago is soon found. */
  async #find(digest: Digest, options: RequestOptions): Promise<number | undefined> {
    const readAll = !this.#isListed;
    if (!readAll && this.#versions.has(digest)) return this.#versions.get(digest);
    let page: string | undefined;
    do {
      const response = await this.#versionsPage(page, options);
      for (const [name, id] of readVersions(response)) this.#versions.set(name, id);
      page = nextLink(headerOf(response, "link"));
    } while (page !== undefined && (readAll || !this.#versions.has(digest)));
    this.#isListed = true;
    return this.#versions.get(digest);
  }

  async #versionsPage(next: string | undefined, options: RequestOptions): Promise<HttpResponse> {
    const path = await this.#versionsPath(options);
    return this.#send("GET", next ?? `${path}?per_page=${pageSize}`, 200, options);
  }

  /** The API has one path for packages of organizations and another for those of users; the names do not tell. */
  async #versionsPath(options: RequestOptions): Promise<string> {
    if (this.#path !== undefined) return this.#path;
    const [owner = "", ...rest] = this.#repository.repository.split("/");
    const tail = `${encodeURIComponent(owner)}/packages/container/${encodeURIComponent(rest.join("/"))}`;
    try {
      await this.#send("GET", `${this.#api}/orgs/${tail}`, 200, options);
      this.#path = `${this.#api}/orgs/${tail}/versions`;
    } catch (error) {
      if (!(error instanceof StatusError) || error.status !== 404) throw error;
      await this.#send("GET", `${this.#api}/users/${tail}`, 200, options);
      this.#path = `${this.#api}/users/${tail}/versions`;
    }
    return this.#path;
  }

  async #send(
    method: "GET" | "DELETE",
    url: string,
    status: number,
    { signal }: RequestOptions,
  ): Promise<HttpResponse> {
    const { client, repository } = this.#repository;
    const place = placeOf(this.#repository);
    const headers = {
      accept: "application/vnd.github+json",
      "x-github-api-version": "2022-11-28",
      authorization: `Bearer ${await this.#token(url)}`,
    };
    // To the client this is a stranger's host: the token for it stands in the request, and nothing else is a secret.
    const request = {
      method,
      url,
      headers,
      repository,
      scopes: [],
      place,
      signal,
      foreign: true,
      limit: listLimit,
    };
    const response = await client.send(request);
    if (response.status === status) return response;
    const error = statusError(response, request);
    if (error.kind === "denied") throw this.#denied(error.message, error);
    throw error;
  }

  /** The password for the registry is a token that the API takes too. */
  async #token(url: string): Promise<string> {
    const { client, host, repository } = this.#repository;
    const credential = await client.credentials(host, repository);
    const token = credential?.kind === "basic" ? credential.password : undefined;
    if (token === undefined) throw this.#denied(`there is no token for ${host}`);
    if (!url.startsWith(`${this.#api}/`) || !maySendSecret(url, () => false)) {
      throw this.#denied(`the token is not sent to ${new URL(url).origin}`);
    }
    return token;
  }

  #denied(why: string, cause?: unknown): SpackOciError {
    const place = placeOf(this.#repository);
    return new SpackOciError("ERR_OCI_DENIED", `${place}: versions cannot be deleted: ${why}`, {
      kind: "denied",
      place,
      cause,
      hint: "GitHub deletes with a personal access token (classic) that has read:packages and delete:packages, or in a workflow with the GITHUB_TOKEN of a repository that is an admin of the package.",
    });
  }
}

function readVersions(response: HttpResponse): [digest: string, id: number][] {
  const versions = parseJsonOrUndefined(response.body.toString("utf8"));
  if (!Array.isArray(versions)) return [];
  return versions.flatMap((version) => {
    const { name, id } = isRecord(version) ? version : {};
    return isDigest(name) && typeof id === "number" ? [[name, id] as [string, number]] : [];
  });
}
