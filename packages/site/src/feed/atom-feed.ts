// The feed of what was pushed last (RFC 4287).

import type { SiteCatalog, SiteImage, SitePackage } from "../catalog/site-catalog.js";
import { addressPart } from "../text/address-part.js";
import { escapeMarkup } from "../text/escape-markup.js";
import { visibleText } from "../text/visible-text.js";

/** More than a reader of feeds shows at once, and a few kilobytes. */
const MAX_ENTRIES = 100;

interface DatedPackage extends SitePackage {
  readonly image: SiteImage & { readonly packed: string };
}

/** Addresses are relative to the feed, because a site does not know where it will be. */
export function atomFeed({ mirror, read, packages }: SiteCatalog): string {
  const latest = packages.filter(isDated).sort(newestFirst).slice(0, MAX_ENTRIES);
  const updated = latest[0]?.image.packed ?? read;
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
<id>${escapeMarkup(`urn:spack-oci:${addressPart(mirror)}`)}</id>
<title>${escapeMarkup(visibleText(mirror))}</title>
<updated>${updated}</updated>
<author><name>${escapeMarkup(visibleText(mirror))}</name></author>
<link rel="self" type="application/atom+xml" href="feed.xml"/>
<link rel="alternate" type="text/html" href="index.html"/>
${latest.map(entry).join("")}</feed>
`;
}

function isDated(each: SitePackage): each is DatedPackage {
  return each.image?.packed !== null && each.image !== undefined;
}

function newestFirst(one: DatedPackage, other: DatedPackage): number {
  return one.image.packed < other.image.packed ? 1 : -1;
}

function entry({ name, version, hash, architecture, image }: DatedPackage): string {
  const target = architecture === null ? "" : ` for ${architecture.os}, ${architecture.target}`;
  return `<entry>
<id>${escapeMarkup(`urn:spack-oci:${addressPart(hash)}:${image.manifest}`)}</id>
<title>${escapeMarkup(visibleText(`${name}@${version}`, 200))}</title>
<updated>${image.packed}</updated>
<link rel="alternate" type="text/html" href="index.html#/build/${addressPart(hash)}"/>
<summary>${escapeMarkup(visibleText(`/${hash.slice(0, 7)}${target}, ${image.layer.size} bytes`, 400))}</summary>
</entry>
`;
}
