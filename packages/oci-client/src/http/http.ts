// The vocabulary of the HTTP layers: a repeatable request, a response, and a function between them.

import type { Readable } from "node:stream";
import type { BodyFactory } from "../storage/target.js";

/** The methods of the distribution specification. */
type Method = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";

/** A body that can be opened again for every attempt. */
export interface RequestBody {
  readonly open: BodyFactory;
  /** Length in bytes; undefined for a body that is still being made. */
  readonly size: number | undefined;
  readonly onBytes?: ((count: number) => void) | undefined;
}

/** A request, described well enough to be repeated, authenticated, and named in an error. */
export interface HttpRequest {
  readonly method: Method;
  /** Absolute; never parsed and rebuilt, because upload locations and links are opaque. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: RequestBody;
  readonly signal?: AbortSignal | undefined;
  /** The repository for the credential lookup. */
  readonly repository: string;
  /** What a token must allow, e.g. `repository:org/name:pull`. */
  readonly scopes: readonly string[];
  /** Requires a token with most of its lifetime left, because registries check it when a long upload ends. */
  readonly freshToken?: boolean;
  /** What the request is about, for messages: `ghcr.io/org/name:tag`. */
  readonly place: string;
  /**
   * Set if a successful answer carries content, which occupies a download slot: of any length as a stream, or of at most
   * `limit` bytes as a body.
   */
  readonly content?: "streamed" | "whole";
  /** The longest answer to keep in memory, in bytes; `MAX_MESSAGE_SIZE` if left out. */
  readonly limit?: number;
  /** Whether the request may be repeated as it is; true if left out. An upload needs a new session instead. */
  readonly repeatable?: boolean;
  /**
   * Whether the request goes to a host that the registry named and the user did not; it gets none of the user's
   * secrets.
   */
  readonly foreign?: boolean;
}

/** An answer. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The whole body, unless it is streamed. */
  readonly body: Buffer;
  /** The body of a successful answer to a request for content; read it to its end, or destroy it. */
  readonly stream?: Readable;
  /** The URL that answered, after redirects. */
  readonly url: string;
  /** The identity of the request, for messages: `anonymous`, or a user and the source of the credential. */
  readonly identity?: string;
}

/** Sends one request; fails with a `ConnectionError` if there is no answer. */
export type Send = (request: HttpRequest) => Promise<HttpResponse>;

/** A header's value; several headers of the same name are joined by commas, as RFC 9110 section 5.3 allows. */
export function headerOf(response: Pick<HttpResponse, "headers">, name: string): string | undefined {
  const value = response.headers[name];
  return Array.isArray(value) ? value.join(", ") : value;
}

/** Scheme, host and port of a URL, without default ports. */
export function originOf(url: string): string {
  return new URL(url).origin;
}
