// Follows redirects one hop at a time; authentication, which is below, sees the host of each hop.

import { SpackOciError } from "@spack-oci/errors";
import { type FollowPolicy, resolveUrl } from "../http/follow.js";
import { type HttpRequest, type HttpResponse, headerOf, originOf, type Send } from "../http/http.js";
import { MAX_REDIRECTS } from "../limits.js";

const REDIRECT_STATUSES = new Set([301, 302, 303, 307, 308]);
/** Headers that only the first host may see. */
const SECRET_HEADERS = ["authorization", "cookie", "proxy-authorization"];

/** Follows redirects as `mayFollow` allows; a hop to another host carries no secret and counts as foreign. */
export function withRedirects(next: Send, mayFollow: FollowPolicy): Send {
  return async (request) => {
    let hop = request;
    for (let hops = 0; ; hops += 1) {
      const response = await next(hop);
      const location = REDIRECT_STATUSES.has(response.status) ? headerOf(response, "location") : undefined;
      if (location === undefined) return response;
      if (hops === MAX_REDIRECTS) throw tooManyRedirects(request);
      const url = resolveLocation(location, hop, response);
      await mayFollow(hop.url, url, request.place);
      hop = nextHop(hop, { url, first: request, status: response.status });
    }
  };
}

/** Where a redirect leads. */
interface Redirect {
  readonly url: string;
  /** The request that the first redirect answered. */
  readonly first: HttpRequest;
  readonly status: number;
}

function nextHop(hop: HttpRequest, { url, first, status }: Redirect): HttpRequest {
  const foreign = first.foreign === true || originOf(url) !== originOf(first.url);
  const { body, headers = {}, ...rest } = hop;
  const kept = Object.entries(headers).filter(
    ([name]) => !foreign || !SECRET_HEADERS.includes(name.toLowerCase()),
  );
  const asGet = status === 303 && hop.method !== "HEAD";
  return {
    ...rest,
    url,
    foreign,
    headers: Object.fromEntries(kept),
    ...(asGet ? { method: "GET" as const } : body === undefined ? {} : { body }),
  };
}

function resolveLocation(location: string, hop: HttpRequest, response: HttpResponse): string {
  try {
    return resolveUrl(location, hop.url);
  } catch (cause) {
    throw new SpackOciError(
      "ERR_OCI_REDIRECT",
      `${hop.place}: a redirect (${response.status}) does not lead to a URL.`,
      {
        kind: "unreachable",
        place: hop.place,
        cause,
        hint: "Check that the host is an OCI registry.",
      },
    );
  }
}

function tooManyRedirects(request: HttpRequest): SpackOciError {
  return new SpackOciError("ERR_OCI_REDIRECT", `${request.place}: more than ${MAX_REDIRECTS} redirects.`, {
    kind: "unreachable",
    place: request.place,
    hint: "Check the registry and the proxies in front of it; they redirect in circles.",
  });
}
