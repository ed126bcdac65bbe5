// Reports requests in enough detail to follow them, but without secrets.

import { originOf, type Send } from "../http/http.js";

/** One attempt or answer, safe to print. */
export interface HttpTrace {
  readonly method: string;
  /** Without its query, which may be a signature. */
  readonly url: string;
  /** Missing if there was no answer. */
  readonly status?: number;
  /** Milliseconds until the answer began. */
  readonly milliseconds: number;
}

/** A URL without its query values and user information: presigned links and upload states are secrets. */
function redactUrl(url: string): string {
  const { pathname, search } = new URL(url);
  return `${originOf(url)}${pathname}${search === "" ? "" : "?..."}`;
}

/** Reports every request on the wire. */
export function withTrace(next: Send, report: (trace: HttpTrace) => void): Send {
  return async (request) => {
    const start = performance.now();
    const trace = { method: request.method, url: redactUrl(request.url) };
    try {
      const response = await next(request);
      report({ ...trace, status: response.status, milliseconds: performance.now() - start });
      return response;
    } catch (error) {
      report({ ...trace, milliseconds: performance.now() - start });
      throw error;
    }
  };
}
