// The details of packages, in chunks that the page loads when it shows one of them.

import type { SiteImage, SitePackage } from "../catalog/site-catalog.js";

/** Neighboring packages, mostly builds of the same name, share a chunk. */
export const PACKAGES_PER_CHUNK = 64;

/** What the columns do not have. */
export interface PackageDetails {
  readonly tag: string;
  readonly image: SiteImage | null;
}

/** Where a chunk is in the site. */
export function detailsFile(chunk: number): string {
  return `data/details-${chunk}.js`;
}

/** @returns one list for each chunk; the package of row N is in chunk `N / PACKAGES_PER_CHUNK` */
export function detailChunks(packages: readonly SitePackage[]): PackageDetails[][] {
  const chunks: PackageDetails[][] = [];
  for (let start = 0; start < packages.length; start += PACKAGES_PER_CHUNK)
    chunks.push(packages.slice(start, start + PACKAGES_PER_CHUNK).map(detailsOf));
  return chunks;
}

function detailsOf({ tag, image }: SitePackage): PackageDetails {
  return { tag, image: image ?? null };
}
