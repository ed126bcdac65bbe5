// Wraps data as a script, because a page from file:// may load scripts, but not JSON.

/** What scripts with data call; the page's own script defines it. */
export const RECEIVER = "spackOciSite";

/**
 * A script that hands over data as a string of JSON. As code, the data would be slower to read, and a member called
 * `__proto__` would not be one.
 */
export function dataScript(what: "columns" | "details", data: unknown): string {
  const quoted = JSON.stringify(data).replaceAll(/[\\']/g, "\\$&");
  return `${RECEIVER}.${what}('${quoted}');\n`;
}
