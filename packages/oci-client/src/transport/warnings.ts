// Registries may send warnings (distribution specification, "Warnings"); each one is reported once.

import { headerOf, type Send } from "../http/http.js";
import { oneLine } from "../http/one-line.js";
import { MAX_WARNINGS } from "../limits.js";

/** Reports every new `Warning: 299 - "text"`, with the host that sent it. */
export function withWarnings(next: Send, report: (host: string, text: string) => void): Send {
  const reported = new Set<string>();
  return async (request) => {
    const response = await next(request);
    const header = headerOf(response, "warning");
    if (header === undefined) return response;
    const host = new URL(response.url).host;
    for (const text of parseWarnings(header)) {
      const key = `${host} ${text}`;
      if (reported.has(key) || reported.size >= MAX_WARNINGS) continue;
      reported.add(key);
      report(host, text);
    }
    return response;
  };
}

/** The texts of a Warning header in the form that the specification requires: code 299, agent `-`, quoted text. */
function parseWarnings(header: string): string[] {
  const warnings = header.matchAll(/(?:^|,)\s*299\s+-\s+"((?:[^"\\]|\\.)*)"/g);
  return [...warnings].map(([, text = ""]) => oneLine(text.replace(/\\(.)/g, "$1")));
}
