// The address of the repository in package.json. A file of its own because the bundle, which has no package.json,
// replaces it.

import { createRequire } from "node:module";

/** Where people read the sources and the documentation, without a slash at the end. */
export function repositoryAddress(): string {
  const manifest = createRequire(import.meta.url)("../package.json") as { repository: { url: string } };
  return manifest.repository.url.replace(/^git\+/, "").replace(/\.git$/, "");
}
