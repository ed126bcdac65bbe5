// Writes a site: a page, its script and style, the data that it loads, the catalog for other programs, and a feed.

import { join } from "node:path";
import { CATALOG_FILE } from "../catalog/read-catalog.js";
import type { SiteCatalog } from "../catalog/site-catalog.js";
import { dataScript } from "../data/data-script.js";
import { detailChunks, detailsFile } from "../data/details.js";
import { encodeCatalog } from "../data/encode-catalog.js";
import { atomFeed } from "../feed/atom-feed.js";
import { siteAssets } from "./assets.js";
import { sitePage } from "./page.js";
import { removeOldDetails, writeIfChanged } from "./site-files.js";

/** Bytes, without compression. */
export interface SiteSize {
  /** What is loaded before the data: the page, its script and its style. */
  readonly page: number;
  /** What is loaded to show the table. */
  readonly data: number;
}

/**
 * Writes a site into an existing directory. Files that have not changed are left alone, and the page is written last, so
 * that it never refers to missing files.
 *
 * @throws SpackOciError `ERR_SITE_ASSETS`; errors of the file system
 */
export async function writeSite(directory: string, catalog: SiteCatalog): Promise<SiteSize> {
  const { script, style, licenses } = await siteAssets();
  const details = detailChunks(catalog.packages).map((chunk) => dataScript("details", chunk));
  const columns = dataScript("columns", encodeCatalog(catalog));
  const page = sitePage(catalog.mirror, { script, style, columns });
  const files = new Map([
    ["LICENSES.txt", licenses],
    ["site.js", script],
    ["site.css", style],
    ...details.map((text, chunk): [string, string] => [detailsFile(chunk), text]),
    ["data/columns.js", columns],
    ["feed.xml", atomFeed(catalog)],
    [CATALOG_FILE, catalogText(catalog)],
    ["index.html", page],
  ]);
  for (const [name, text] of files) writeIfChanged(join(directory, name), text);
  removeOldDetails(directory, details.length);
  const size = (text: string) => Buffer.byteLength(text);
  return { page: size(page) + size(script) + size(style), data: size(columns) };
}

/** One package on each line, so that changes can be seen in version control. */
function catalogText({ packages, others, findings, ...rest }: SiteCatalog): string {
  const list = (items: readonly unknown[]) =>
    `[\n${items.map((item) => JSON.stringify(item)).join(",\n")}\n]`;
  const head = JSON.stringify(rest).slice(0, -1);
  return `${head},\n"packages":${list(packages)},\n"others":${list(others)},\n"findings":${list(findings)}}\n`;
}
