// Bundles the command into a few files that start several times faster than its modules and run on any machine with Node.
// Each verb, undici and YAML have files of their own, so that a run compiles only what it uses.

import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build as bundle } from "rolldown";
import { build, root } from "./workspace.mjs";

/** Where the files are that the command loads, next to it. */
const PARTS = "parts";

/** Builds the command, and writes the bundle and the licenses of its dependencies to a directory. */
export async function bundleCommand(directory = join(root, "bundle")) {
  build("packages/cli");
  rmSync(join(directory, PARTS), { recursive: true, force: true });
  const { output } = await bundle({
    input: join(root, "packages", "cli", "bin", "spack-oci.cjs"),
    platform: "node",
    // Native code cannot be bundled; these are used if they are installed next to the command.
    external: ["os-lock", "zstd-napi"],
    plugins: [
      { name: "version", load: versionAsText },
      { name: "undici", load: stubUnused },
    ],
    output: {
      dir: directory,
      entryFileNames: "spack-oci.cjs",
      chunkFileNames: `${PARTS}/[name]-[hash].cjs`,
      format: "cjs",
      minify: true,
    },
  });
  const modules = output.flatMap((file) => Object.keys(file.modules ?? {}));
  writeFileSync(join(directory, "LICENSES.txt"), licenseTexts(packagesOf(modules)));
  const size = output.reduce((sum, file) => sum + (file.code?.length ?? 0), 0);
  console.log(`${join(directory, "spack-oci.cjs")} and its parts have ${Math.ceil(size / 1024)} KiB`);
}

const manifestOf = (directory) => JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));

/** A copied file has no package.json next to it. */
function versionAsText(id) {
  if (!id.endsWith("/packages/cli/dist/version.js")) return undefined;
  const { version } = manifestOf(join(root, "packages", "cli"));
  return `export const packageVersion = () => ${JSON.stringify(version)};`;
}

/** undici loads browser APIs and mocks, which nothing here uses and which take half of the startup time. */
function stubUnused(id) {
  if (!/\/node_modules\/undici\/lib\/(cache|interceptor|mock|web)\//.test(id)) return undefined;
  return "module.exports = new Proxy({}, { get: () => class Unused {} });";
}

/** The directories of third-party packages among modules. */
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

/** The license texts that must accompany every copy. */
function licenseTexts(directories) {
  return directories
    .map((directory) => {
      const { name, version, license } = manifestOf(directory);
      const file = readdirSync(directory).find((entry) => /^licen[cs]e/i.test(entry));
      const text = file === undefined ? "" : readFileSync(join(directory, file), "utf8");
      return `${name} ${version} (${license})\n\n${text.trim()}\n`;
    })
    .join(`\n${"-".repeat(72)}\n\n`);
}
