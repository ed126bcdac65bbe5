// Reads the catalog of an existing site, so that what it has need not be read from the buildcache again.

import { join } from "node:path";
import { readIfPresent } from "../files/read-if-present.js";
import { CATALOG_VERSION, type SiteCatalog } from "./site-catalog.js";

export const CATALOG_FILE = "catalog.json";

/** Undefined if there is none, or if it is damaged or of another version: then everything is read again. */
export function readSiteCatalog(directory: string): SiteCatalog | undefined {
  const text = readIfPresent(join(directory, CATALOG_FILE));
  if (text === undefined) return undefined;
  try {
    const catalog = JSON.parse(text) as SiteCatalog;
    return catalog.version === CATALOG_VERSION && catalog.packages.every(isPackage) ? catalog : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}

/** Whether everything that is kept for the next site is there. */
function isPackage({ tag, image }: SiteCatalog["packages"][number]): boolean {
  if (image === undefined) return typeof tag === "string";
  const { manifest, layer, layers, environment, referrers } = image;
  const areTexts = [tag, manifest, layer.digest].every((text) => typeof text === "string");
  const areSizes = [layer.size, layers.size, layers.count].every((size) => Number.isSafeInteger(size));
  return areTexts && areSizes && Array.isArray(environment) && Array.isArray(referrers);
}
