// Makes sure that a site replaces nothing but an older site.

import { mkdirSync, readdirSync } from "node:fs";
import { SpackOciError } from "@spack-oci/errors";
import { CATALOG_FILE } from "../catalog/read-catalog.js";

/**
 * Creates the directory if it does not exist. Entries whose names start with a dot, such as `.git` and `.nojekyll`, do not
 * count.
 *
 * @throws SpackOciError `ERR_SITE_DIRECTORY` (`conflict`) if it has files, but no site; errors of the file system
 */
export function claimSiteDirectory(directory: string): void {
  mkdirSync(directory, { recursive: true });
  const entries = readdirSync(directory).filter((name) => !name.startsWith("."));
  if (entries.length === 0 || entries.includes(CATALOG_FILE)) return;
  throw new SpackOciError("ERR_SITE_DIRECTORY", `${directory} has files, but not those of a site.`, {
    kind: "conflict",
    place: directory,
    hint: "Choose a new or empty directory, or that of an older site.",
  });
}
