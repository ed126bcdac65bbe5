// The page of a site: a head that allows nothing from elsewhere, and the places for what the script shows.

import { createHash } from "node:crypto";
import { escapeMarkup } from "../text/escape-markup.js";

/**
 * Only the site's own files, no code in the page, and no text as code: even if a spec got into the page as markup, it
 * could not run. `file:` allows the same from a directory; it means nothing to pages from a server.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' file:",
  "style-src 'self' file:",
  "img-src 'self' data: file:",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types spack-oci-site",
].join("; ");

/** The files that the page loads; their addresses change with their content, so that caches never mix versions. */
interface PageFiles {
  readonly script: string;
  readonly style: string;
  readonly columns: string;
}

export function sitePage(mirror: string, { script, style, columns }: PageFiles): string {
  const title = escapeMarkup(mirror);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="alternate" type="application/atom+xml" title="Packages by date" href="feed.xml">
<link rel="stylesheet" href="site.css?${versionOf(style)}">
<script src="site.js?${versionOf(script)}" defer></script>
<script src="data/columns.js?${versionOf(columns)}" defer></script>
</head>
<body>
<div id="site"><p class="loading">Loading the packages of ${title} …</p></div>
<noscript><p>This page needs JavaScript. The same data is in <a href="catalog.json">catalog.json</a>.</p></noscript>
</body>
</html>
`;
}

function versionOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
