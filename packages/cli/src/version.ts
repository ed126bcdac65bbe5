// The version in package.json. A file of its own because the bundle, which has no package.json, replaces it.

import { createRequire } from "node:module";

export function packageVersion(): string {
  const { version } = createRequire(import.meta.url)("../package.json") as { version: string };
  return version;
}
