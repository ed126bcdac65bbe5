// The Link header names the next page of a list (RFC 8288).

/** The target of the link with `rel="next"`, exactly as written; undefined if there is none. */
export function nextLink(header: string | undefined): string | undefined {
  let rest = header ?? "";
  for (;;) {
    const link = /^[\s,]*<([^>]*)>((?:\s*;\s*[^\s=;,]+(?:\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s";,]*))?)*)/.exec(
      rest,
    );
    if (link === null) return undefined;
    const [all, target, parameters = ""] = link;
    const relation = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s";,]+))/i.exec(parameters);
    const relations = (relation?.[1] ?? relation?.[2] ?? "").toLowerCase().split(/\s+/);
    if (relations.includes("next")) return target;
    rest = rest.slice(all.length);
  }
}
