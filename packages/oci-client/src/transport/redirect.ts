// Follows redirects one hop at a time; whatever authenticates below sees each hop's own host (lesson 16).
import { SpackOciError } from "@spack-oci/errors";
import { type FollowPolicy, resolveUrl } from "../http/follow.js";
import { type HttpRequest, type HttpResponse, headerOf, originOf, type Send } from "../http/http.js";

const redirectStatuses = new Set([301, 302, 303, 307, 308]);
const mostRedirects = 10;
/** Headers that belong to the first host only. */
const secretHeaders = ["authorization", "cookie", "proxy-authorization"];

/** Follows redirects as `mayFollow` allows; a hop to another host carries no secret and counts as foreign. */
export function withRedirects(next: Send, mayFollow: FollowPolicy): Send {
  return async (request) => {
    let hop = request;
    for (let hops = 0; ; hops += 1) {
      const response = await next(hop);
      const location = redirectStatuses.has(response.status) ? headerOf(response, "location") : undefined;
      if (location === undefined) return response;
      if (hops === mostRedirects) throw tooManyRedirects(request);
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
    ([name]) => !foreign || !secretHeaders.includes(name.toLowerCase()),
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
      `${hop.place}: a redirect (${response.status}) leads to no URL`,
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
  return new SpackOciError("ERR_OCI_REDIRECT", `${request.place}: more than ${mostRedirects} redirects`, {
    kind: "unreachable",
    place: request.place,
    hint: "The registry or a proxy in front of it redirects in circles.",
  });
}
