// Makes the parts of a site that are the same for every buildcache: the script, from TypeScript and a few libraries, and
// the style.

import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build as bundle } from "rolldown";
import { fromSources, replaceModule } from "./bundle-sources.mjs";
import { licenseTexts, packagesOf } from "./licenses.mjs";
import { root } from "./workspace.mjs";

const site = join(root, "packages", "site");

/** The name that a bundle knows the assets by. */
const CONSTANTS = "site-assets";

/** Specs are hashed only where they are written. */
const NO_HASHES = {
  name: "no-hashes",
  resolveId: (id) => (id === "node:crypto" ? "\0crypto" : undefined),
  load: (id) => (id === "\0crypto" ? "export const createHash = undefined;" : undefined),
};

/**
 * @returns {Promise<{ script: string, style: string, licenses: string, packages: string[] }>} `packages` are the directories
 *   of the libraries in the script
 */
export async function makeSiteAssets() {
  const { output } = await bundle({
    ...fromSources([NO_HASHES]),
    platform: "browser",
    input: join(site, "src", "browser", "main.tsx"),
    transform: { target: "es2022" },
    resolve: { extensionAlias: { ".js": [".js", ".ts", ".tsx"] } },
    write: false,
    output: { format: "iife", minify: true },
  });
  const packages = packagesOf(output);
  return {
    script: output[0].code,
    style: readFileSync(join(site, "src", "browser", "site.css"), "utf8"),
    licenses: licenseTexts(packages),
    packages,
  };
}

/** Plugins that put the assets into a bundle of the command, in a part that only `site` loads. */
export function assetsAsConstants({ script, style, licenses }) {
  const id = "\0site-assets";
  const constants = `export const assets = ${JSON.stringify({ script, style, licenses })};`;
  return [
    replaceModule(
      "site/src/write/assets.ts",
      `export const siteAssets = async () => (await import("${CONSTANTS}")).assets;`,
    ),
    {
      name: "site-assets",
      resolveId: (name) => (name === CONSTANTS ? id : undefined),
      load: (name) => (name === id ? { code: constants, moduleType: "js" } : undefined),
    },
  ];
}

/** Writes them where packages/site/src/write/assets.ts reads them. */
export async function writeSiteAssets() {
  const { script, style, licenses } = await makeSiteAssets();
  const directory = join(site, "assets");
  mkdirSync(directory, { recursive: true });
  const files = { "site.js": script, "site.css": style, "LICENSES.txt": licenses };
  for (const [name, text] of Object.entries(files)) {
    const unfinished = join(directory, `${name}.${process.pid}`);
    writeFileSync(unfinished, text);
    renameSync(unfinished, join(directory, name));
  }
}
