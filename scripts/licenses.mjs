// The licenses of third-party packages in a bundle.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { manifestOf } from "./workspace.mjs";

/**
 * The directories of third-party packages in a bundle.
 *
 * @param {import("rolldown").RolldownOutput["output"]} output
 * @returns {string[]}
 */
export function packagesOf(output) {
  const directories = output
    .flatMap((file) => Object.keys(file.modules ?? {}))
    .filter((id) => id.includes("/node_modules/"))
    .map((id) => {
      let directory = dirname(id);
      while (!existsSync(join(directory, "package.json")) || manifestOf(directory).name === undefined)
        directory = dirname(directory);
      return directory;
    });
  return [...new Set(directories)].sort();
}

/**
 * The license texts that must accompany every copy.
 *
 * @param {string[]} directories of packages
 * @returns {string}
 */
export function licenseTexts(directories) {
  return directories
    .map((directory) => {
      const { name, version, license } = manifestOf(directory);
      const file = readdirSync(directory).find((entry) => /^licen[cs]e/i.test(entry));
      const text =
        file === undefined
          ? `The package comes without the text: https://spdx.org/licenses/${license}.html`
          : readFileSync(join(directory, file), "utf8");
      return `${name} ${version} (${license})\n\n${text.trim()}\n`;
    })
    .join(`\n${"-".repeat(72)}\n\n`);
}
