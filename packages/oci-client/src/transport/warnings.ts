// Registries may warn in passing (distribution specification, "Warnings"); each warning is told once.
import { headerOf, type Send } from "../http/http.js";
import { printable } from "../http/printable.js";

const mostRemembered = 1000;

/** Tells of every `Warning: 299 - "text"` that has not been told before, with the host that sent it. */
export function withWarnings(next: Send, tell: (host: string, text: string) => void): Send {
  const told = new Set<string>();
  return async (request) => {
    const response = await next(request);
    const host = new URL(response.url).host;
    for (const text of parseWarnings(headerOf(response, "warning"))) {
      const key = `${host} ${text}`;
      if (told.has(key) || told.size >= mostRemembered) continue;
      told.add(key);
      tell(host, text);
    }
    return response;
  };
}

/** The texts of a Warning header, as the specification allows them: code 299, agent `-`, quoted text. */
function parseWarnings(header: string | undefined): string[] {
  const warnings = (header ?? "").matchAll(/(?:^|,)\s*299\s+-\s+"((?:[^"\\]|\\.)*)"/g);
  return [...warnings].map(([, text = ""]) => printable(text.replace(/\\(.)/g, "$1")));
}
