// Sites for tests, with the script that the sources give now.

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type SiteCatalog, type SiteSize, writeSite } from "@spack-oci/site";

const bundler = fileURLToPath(new URL("../../scripts/bundle-site.mjs", import.meta.url));

/** Makes packages/site/assets, which writing a site needs. */
export function buildSiteAssets(): void {
  const { status, stderr } = spawnSync(process.execPath, [bundler], { encoding: "utf8" });
  if (status !== 0) throw new Error(`the site's script could not be built: ${stderr}`);
}

/** Writes a site into an existing directory. */
export function writeTestSite(directory: string, catalog: SiteCatalog): Promise<SiteSize> {
  buildSiteAssets();
  return writeSite(directory, catalog);
}
