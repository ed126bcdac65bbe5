// The command as one file, which starts several times faster than its modules and can be copied to any machine that has Node.

import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build as bundle } from "rolldown";
import { build, root } from "./workspace.mjs";

/** Builds the command, and writes the file and the licences of what is in it into a directory. */
export async function bundleCommand(directory = join(root, "bundle")) {
  build("packages/cli");
  const file = join(directory, "spack-oci.cjs");
  const { output } = await bundle({
    input: join(root, "packages", "cli", "bin", "spack-oci.cjs"),
    platform: "node",
    // Native code cannot be part of it; where these are installed beside the file they are used.
    external: ["os-lock", "zstd-napi"],
    plugins: [
      { name: "version", load: versionAsText },
      { name: "undici", load: unusedAsNothing },
    ],
    output: { file, format: "cjs", codeSplitting: false, minify: true },
  });
  const [{ modules }] = output;
  writeFileSync(join(directory, "LICENSES.txt"), licenceTexts(packagesOf(Object.keys(modules))));
  console.log(`${file} has ${Math.ceil(statSync(file).size / 1024)} KiB`);
}

const manifestOf = (directory) => JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));

/** There is no package.json beside a file that was copied. */
function versionAsText(id) {
  if (!id.endsWith("/packages/cli/dist/version.js")) return undefined;
  const { version } = manifestOf(join(root, "packages", "cli"));
  return `export const packageVersion = () => ${JSON.stringify(version)};`;
}

/** undici loads all that browsers and tests offer; nothing here asks for it, and it is half of the time until a start. */
function unusedAsNothing(id) {
  if (!/\/node_modules\/undici\/lib\/(cache|interceptor|mock|web)\//.test(id)) return undefined;
  return "module.exports = new Proxy({}, { get: () => class Unused {} });";
}

/** The directories of other people's packages among modules. */
function packagesOf(modules) {
  const directories = modules
    .filter((id) => id.includes("/node_modules/"))
    .map((id) => {
      let directory = dirname(id);
      while (!existsSync(join(directory, "package.json")) || manifestOf(directory).name === undefined)
        directory = dirname(directory);
      return directory;
    });
  return [...new Set(directories)].sort();
}

/** What their licences ask to go with every copy. */
function licenceTexts(directories) {
  return directories
    .map((directory) => {
      const { name, version, license } = manifestOf(directory);
      const file = readdirSync(directory).find((entry) => /^licen[cs]e/i.test(entry));
      const text = file === undefined ? "" : readFileSync(join(directory, file), "utf8");
      return `${name} ${version} (${license})\n\n${text.trim()}\n`;
    })
    .join(`\n${"-".repeat(72)}\n\n`);
}
