// The parts of a site that are the same for every buildcache. `npm run build` makes them of src/browser; bundles of the
// command have them as constants instead of this module.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { SpackOciError } from "@spack-oci/errors";

export interface SiteAssets {
  readonly script: string;
  readonly style: string;
  /** License texts of the libraries in the script. */
  readonly licenses: string;
}

/** @throws SpackOciError `ERR_SITE_ASSETS` if they have not been built */
export async function siteAssets(): Promise<SiteAssets> {
  return { script: read("site.js"), style: read("site.css"), licenses: read("LICENSES.txt") };
}

function read(name: string): string {
  const file = fileURLToPath(new URL(`../../assets/${name}`, import.meta.url));
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new SpackOciError("ERR_SITE_ASSETS", `The site's own files are missing: ${file} cannot be read.`, {
      kind: "failed",
      place: file,
      hint: 'In a checkout, run "npm run build". Otherwise, install spack-oci again.',
      cause,
    });
  }
}
