// How registries report that they get too many requests.

import { type HttpResponse, headerOf } from "./http.js";

/** GitHub's container registry answers 403 instead of 429 (markrussinovich/refchecker#67). */
export function isSecondaryRateLimit(status: number, body: string): boolean {
  return status === 403 && /secondary rate limit|rate limit exceeded|abuse detection/i.test(body);
}

/**
 * The wait that the server asks for, in milliseconds: a `Retry-After` header in seconds or as a date (RFC 9110
 * section 10.2.3), or a time in the body such as `retry-after: 12.5ms`.
 */
export function requestedWait(
  response: Pick<HttpResponse, "headers">,
  body: string,
  now: number,
): number | undefined {
  const header = headerOf(response, "retry-after")?.trim();
  if (header !== undefined) {
    if (/^\d+(\.\d+)?$/.test(header)) return Number(header) * 1000;
    // Date.parse also takes "-5" for a date.
    const date = /\d\d:\d\d:\d\d/.test(header) ? Date.parse(header) : Number.NaN;
    if (!Number.isNaN(date)) return Math.max(0, date - now);
  }
  const inBody = /retry[- ]?after["']?\s*[:=]?\s*["']?(\d+(?:\.\d+)?)\s*(µs|us|ms|s|m)?\b/i.exec(body);
  if (inBody === null) return undefined;
  const unit = { µs: 0.001, us: 0.001, ms: 1, s: 1000, m: 60_000 }[inBody[2]?.toLowerCase() ?? "s"] ?? 1000;
  return Number(inBody[1]) * unit;
}
