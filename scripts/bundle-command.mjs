// Bundles the command into a few files that start several times faster than its modules and run on any machine with
// Node. Each verb, undici and YAML have files of their own, so that a run compiles only what it uses. The native code
// of its locks is put beside them.

import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build as bundle } from "rolldown";
import { copyLockPackages } from "./lock-packages.mjs";
import { root } from "./workspace.mjs";

/** Where the files are that the command loads, next to it. */
const PARTS = "parts";

/** The file to run. */
const ENTRY = "spack-oci.cjs";

/**
 * Bundles the sources, without type checks, and writes the bundle, its native code and the licenses of both to a
 * directory.
 *
 * @param {string} directory
 * @param {string[]} platforms whose native code is added to that of this machine
 */
export async function bundleCommand(directory = join(root, "bundle"), platforms = []) {
  rmSync(join(directory, PARTS), { recursive: true, force: true });
  const replacing = new Set([versionAsText, bundleAsWorker, stubUnused]);
  const noting = (load) => (id) => {
    const text = load(id);
    if (text !== undefined) replacing.delete(load);
    return text;
  };
  const { output } = await bundle({
    input: join(root, "packages", "cli", "bin", ENTRY),
    platform: "node",
    transform: { target: "node20" },
    resolve: { extensionAlias: { ".js": [".js", ".ts"] } },
    // Native code cannot be bundled; these are used if they are installed next to the command.
    external: ["koffi", "zstd-napi"],
    plugins: [
      { name: "sources", resolveId: sourceOf },
      { name: "version", load: noting(versionAsText) },
      { name: "repository", load: noting(repositoryAsText) },
      { name: "worker", load: noting(bundleAsWorker) },
      { name: "undici", load: noting(stubUnused) },
    ],
    output: {
      dir: directory,
      entryFileNames: ENTRY,
      chunkFileNames: `${PARTS}/[name]-[hash].cjs`,
      format: "cjs",
      minify: true,
    },
  });
  for (const { name } of replacing) throw new Error(`${name} did not find what it replaces`);
  const bundled = packagesOf(output.flatMap((file) => Object.keys(file.modules ?? {})));
  const copied = copyLockPackages(join(directory, "node_modules"), platforms);
  writeFileSync(join(directory, "LICENSES.txt"), licenseTexts([...bundled, ...copied]));
  const size = output.reduce((sum, file) => sum + (file.code?.length ?? 0), 0);
  console.log(`${join(directory, ENTRY)} and its parts have ${Math.ceil(size / 1024)} KiB`);
}

const manifestOf = (directory) => JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));

/** The TypeScript of a package of the workspace, which need not be compiled. */
function sourceOf(id, importer) {
  if (id.startsWith("../dist/")) return sourcePath(dirname(dirname(importer)), id.slice(1));
  const [, name, entry = ""] = /^@spack-oci\/([^/]+)(\/.*)?$/.exec(id) ?? [];
  if (name === undefined) return undefined;
  const directory = join(root, "packages", name);
  return sourcePath(directory, manifestOf(directory).exports[`.${entry}`].default);
}

function sourcePath(directory, compiled) {
  return join(directory, compiled.replace("./dist/", "src/").replace(/js$/, "ts"));
}

/** A copied file has no package.json next to it. */
function versionAsText(id) {
  if (!id.endsWith("/packages/cli/src/version.ts")) return undefined;
  const { version } = manifestOf(join(root, "packages", "cli"));
  return `export const packageVersion = () => ${JSON.stringify(version)};`;
}

function repositoryAsText(id) {
  if (!id.endsWith("/packages/cli/src/repository.ts")) return undefined;
  const { repository } = manifestOf(join(root, "packages", "cli"));
  const address = repository.url.replace(/^git\+/, "").replace(/\.git$/, "");
  return `export const repositoryAddress = () => ${JSON.stringify(address)};`;
}

/** Worker threads run the bundle too; its entry tells them apart. */
function bundleAsWorker(id) {
  if (!id.endsWith("/packages/buildcache/src/workers/worker-script.ts")) return undefined;
  return `import { join } from "node:path"; export const workerScript = () => join(__dirname, "..", "${ENTRY}");`;
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
