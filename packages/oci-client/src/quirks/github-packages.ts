// GitHub's registry rejects DELETE for manifests: its REST API deletes package versions instead.

import { SpackOciError } from "@spack-oci/errors";
import type { Descriptor } from "../content/descriptor.js";
import { type Digest, isDigest } from "../content/digest.js";
import { isRecord, parseJsonOrUndefined } from "../content/json.js";
import { resolveUrl } from "../http/follow.js";
import { type HttpResponse, headerOf, type Send } from "../http/http.js";
import { nextLink } from "../http/link.js";
import { endlessList, ListSize } from "../http/list-size.js";
import { maySendSecret } from "../http/secrets.js";
import { StatusError, statusError } from "../http/status-error.js";
import { MAX_PAGE_SIZE } from "../limits.js";
import { notFound } from "../storage/errors.js";
import type { RequestOptions } from "../storage/target.js";

/** The largest page that the API serves. */
const PAGE_SIZE = 100;

/** How to reach a package. */
export interface GithubPackageOptions {
  /** The origin of the REST API: `https://api.github.com`. */
  readonly api: string;
  /** The host of the registry. */
  readonly host: string;
  /** The repository on the registry: `owner/package`. */
  readonly repository: string;
  readonly send: Send;
  /** The password for the registry, which the API accepts as a token. */
  readonly password: () => Promise<string | undefined>;
}

interface ApiRequest {
  readonly method: "GET" | "DELETE";
  readonly url: string;
  /** The status that means success. */
  readonly expected: number;
}

/**
 * A repository as GitHub's REST API sees it: a package of type `container`, in which each version is a manifest with
 * its tags (https://docs.github.com/rest/packages/packages).
 */
export class GithubPackage {
  readonly #options: GithubPackageOptions;
  readonly #api: string;
  readonly #place: string;
  /** Version numbers by digest; listed completely once, because deletions shift the pages. */
  readonly #versions = new Map<string, number>();
  #isListed = false;
  /** The path of the package's versions, once it is known whether an organization or a user owns it. */
  #path: string | undefined;

  constructor(options: GithubPackageOptions) {
    this.#options = options;
    this.#api = options.api.replace(/\/$/, "");
    this.#place = `${options.host}/${options.repository}`;
  }

  /**
   * Checks that the token can delete, as far as possible without deleting: GitHub reports the scopes of classic
   * tokens.
   *
   * @throws SpackOciError of kind `denied` if it cannot.
   */
  async check(options: RequestOptions): Promise<void> {
    const response = await this.#versionsPage(undefined, options);
    const scopes = headerOf(response, "x-oauth-scopes");
    if (!scopes?.trim() || scopes.split(/,\s*/).includes("delete:packages")) return;
    throw this.#denied(`the token only has the scopes ${scopes}`);
  }

  /**
   * Deletes a manifest with all of its tags.
   *
   * @throws SpackOciError of kind `not-found` if no version has this digest, `denied` if the token cannot delete.
   */
  async delete({ digest }: Pick<Descriptor, "digest">, options: RequestOptions): Promise<void> {
    const version = await this.#find(digest, options);
    if (version === undefined) throw notFound(this.#place, digest);
    const url = `${await this.#versionsPath(options)}/${version}`;
    await this.#send({ method: "DELETE", url, expected: 204 }, options);
    this.#versions.delete(digest);
  }

  /** New versions come first, so one that was just pushed is found on the first page. */
  async #find(digest: Digest, options: RequestOptions): Promise<number | undefined> {
    const readAll = !this.#isListed;
    if (!readAll && this.#versions.has(digest)) return this.#versions.get(digest);
    let page: string | undefined;
    const size = new ListSize();
    do {
      if (!size.admits(page ?? "")) throw endlessList(this.#place, "versions");
      const response = await this.#versionsPage(page, options);
      const found = this.#readVersions(response);
      size.add(found.length, response.body.length);
      for (const [name, id] of found) this.#versions.set(name, id);
      page = this.#nextPage(response);
    } while (page !== undefined && (readAll || !this.#versions.has(digest)));
    this.#isListed = true;
    return this.#versions.get(digest);
  }

  async #versionsPage(next: string | undefined, options: RequestOptions): Promise<HttpResponse> {
    const path = await this.#versionsPath(options);
    return this.#send(
      { method: "GET", url: next ?? `${path}?per_page=${PAGE_SIZE}`, expected: 200 },
      options,
    );
  }

  /** Packages of organizations and of users have different paths, and names do not show which one it is. */
  async #versionsPath(options: RequestOptions): Promise<string> {
    if (this.#path !== undefined) return this.#path;
    const [owner = "", ...rest] = this.#options.repository.split("/");
    const tail = `${encodeURIComponent(owner)}/packages/container/${encodeURIComponent(rest.join("/"))}`;
    try {
      await this.#send({ method: "GET", url: `${this.#api}/orgs/${tail}`, expected: 200 }, options);
      this.#path = `${this.#api}/orgs/${tail}/versions`;
    } catch (error) {
      if (!(error instanceof StatusError) || error.status !== 404) throw error;
      await this.#send({ method: "GET", url: `${this.#api}/users/${tail}`, expected: 200 }, options);
      this.#path = `${this.#api}/users/${tail}/versions`;
    }
    return this.#path;
  }

  async #send({ method, url, expected }: ApiRequest, { signal }: RequestOptions): Promise<HttpResponse> {
    const { repository, send } = this.#options;
    const headers = {
      accept: "application/vnd.github+json",
      "x-github-api-version": "2022-11-28",
      authorization: `Bearer ${await this.#token(url)}`,
    };
    // To the client this is a foreign host: the request carries its own token and no other secret.
    const request = {
      method,
      url,
      headers,
      repository,
      scopes: [],
      place: this.#place,
      signal,
      foreign: true,
      limit: MAX_PAGE_SIZE,
    };
    const response = await send(request);
    if (response.status === expected) return response;
    const error = statusError(response, request);
    if (error.kind === "denied") throw this.#denied(error.message, error);
    throw error;
  }

  async #token(url: string): Promise<string> {
    const token = await this.#options.password();
    if (token === undefined) throw this.#denied(`there is no token for ${this.#options.host}`);
    if (!url.startsWith(`${this.#api}/`) || !maySendSecret(url, () => false)) {
      throw this.#denied(`the token must not be sent to ${new URL(url).origin}`);
    }
    return token;
  }

  #nextPage(response: HttpResponse): string | undefined {
    try {
      const link = nextLink(headerOf(response, "link"));
      return link === undefined ? undefined : resolveUrl(link, response.url);
    } catch (cause) {
      throw this.#badList("the link to its next page is malformed", cause);
    }
  }

  /** Versions without a digest as their name are skipped: packages of other types have them. */
  #readVersions(response: HttpResponse): [digest: string, id: number][] {
    const versions = parseJsonOrUndefined(response.body.toString("utf8"));
    if (!Array.isArray(versions)) throw this.#badList("an answer is not a list of versions");
    return versions.flatMap((version) => {
      const { name, id } = isRecord(version) ? version : {};
      return isDigest(name) && typeof id === "number" ? [[name, id] as [string, number]] : [];
    });
  }

  #badList(why: string, cause?: unknown): SpackOciError {
    const message = `${this.#place}: cannot use the list of versions: ${why}.`;
    return new SpackOciError("ERR_OCI_TAG_LIST", message, {
      kind: "unreachable",
      place: this.#place,
      cause,
      hint: "Try again; if the error persists, delete the versions on the package's web page.",
    });
  }

  #denied(why: string, cause?: unknown): SpackOciError {
    return new SpackOciError("ERR_OCI_DENIED", `${this.#place}: cannot delete versions: ${why}.`, {
      kind: "denied",
      place: this.#place,
      cause,
      hint: "Use a personal access token (classic) with the scopes read:packages and delete:packages, or in a workflow the GITHUB_TOKEN of a repository that has the admin role for the package.",
    });
  }
}
