// The vocabulary of the HTTP layers: a request that can be sent again, a response, and a function between them.
import type { Readable } from "node:stream";
import type { BodyFactory } from "../storage/target.js";

/** The most bytes of an error or token answer that are kept in memory: 1 MiB. */
export const MAX_MESSAGE_SIZE = 1024 * 1024;
/** The most bytes of a page of a list that are kept in memory: 8 MiB, far more than 1000 tags need. */
export const MAX_LIST_SIZE = 8 * 1024 * 1024;

/** The methods of the distribution specification. */
type Method = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";

/** A body that can be opened for every attempt. */
export interface RequestBody {
  readonly open: BodyFactory;
  /** Length in bytes; undefined of one that is still being made. */
  readonly size: number | undefined;
  readonly onBytes?: ((count: number) => void) | undefined;
}

/** A request, described well enough to be repeated, authenticated, and named in an error. */
export interface HttpRequest {
  readonly method: Method;
  /** Absolute; never taken apart and put together again, because upload locations and links are opaque. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: RequestBody;
  readonly signal?: AbortSignal | undefined;
  /** The repository that credentials are looked up for. */
  readonly repository: string;
  /** What a token must allow, e.g. `repository:org/name:pull`. */
  readonly scopes: readonly string[];
  /** Asks for a token with most of its life ahead, because it is checked when a long upload ends (lesson 20). */
  readonly freshToken?: boolean;
  /** What is asked for, for messages: `ghcr.io/org/name:tag`. */
  readonly place: string;
  /** Whether a good answer carries content of any length, to be streamed, and so uses one of the download slots. */
  readonly content?: boolean;
  /** The longest answer that is kept in memory, in bytes; 1 MiB when left out. */
  readonly limit?: number;
  /** Whether it may be sent again as it is; left out means yes. An upload needs a new session instead (lesson 7). */
  readonly repeatable?: boolean;
  /** Whether it goes to a host that the registry named and the user did not; it gets none of the user's secrets. */
  readonly foreign?: boolean;
}

/** An answer. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The whole body, unless it is streamed. */
  readonly body: Buffer;
  /** The body of a good answer to a request for content; it must be read to its end, or destroyed. */
  readonly stream?: Readable;
  /** The URL that answered, after redirects. */
  readonly url: string;
  /** As whom the request was made, for messages: `anonymous`, or a user and where the credential came from. */
  readonly identity?: string;
}

/** Sends one request; fails with a `ConnectionError` when there is no answer. */
export type Send = (request: HttpRequest) => Promise<HttpResponse>;

/** A header's value; several headers of one name are joined by commas, as RFC 9110 section 5.3 allows. */
export function headerOf(response: Pick<HttpResponse, "headers">, name: string): string | undefined {
  const value = response.headers[name];
  return Array.isArray(value) ? value.join(", ") : value;
}

/** Scheme, host and port of a URL, with default ports left out (lesson 35). */
export function originOf(url: string): string {
  return new URL(url).origin;
}
