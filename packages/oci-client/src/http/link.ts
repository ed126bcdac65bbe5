// The Link header names the next page of a list (RFC 8288).

/**
 * The target of the link with `rel="next"`, exactly as written; undefined if there is none.
 *
 * @throws TypeError if a link is malformed or has no relation: it may have been the one to the next page.
 */
export function nextLink(header: string | undefined): string | undefined {
  let rest = header ?? "";
  while (/[^\s,]/.test(rest)) {
    const link = /^[\s,]*<([^>]*)>((?:\s*;\s*[^\s=;,]+(?:\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s";,]*))?)*)/.exec(
      rest,
    );
    if (link === null) throw new TypeError("the Link header is malformed");
    const [all, target, parameters = ""] = link;
    const relation = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s";,]+))/i.exec(parameters);
    if (relation === null) throw new TypeError("the Link header has a link without a relation");
    const relations = (relation[1] ?? relation[2] ?? "").toLowerCase().split(/\s+/);
    if (relations.includes("next")) return target;
    rest = rest.slice(all.length);
  }
  return undefined;
}
