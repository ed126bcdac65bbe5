// How the sources of the workspace are bundled, whatever the bundle is for. They need not be compiled.

import { dirname, join } from "node:path";
import { manifestOf, repositoryAddress, root } from "./workspace.mjs";

/** What worker threads run. */
export const WORKER = join(root, "packages", "buildcache", "src", "workers", "worker.ts");

/** The module that says what worker threads run, for {@link replaceModule}. */
export const WORKER_SCRIPT = "buildcache/src/workers/worker-script.ts";

/**
 * Options of rolldown for a bundle that Node 20 and newer run.
 *
 * @param {import("rolldown").Plugin[]} plugins those that only this bundle needs
 */
export function fromSources(plugins) {
  return {
    platform: "node",
    transform: { target: "node20" },
    resolve: { extensionAlias: { ".js": [".js", ".ts"] } },
    plugins: [{ name: "sources", resolveId: sourceOf }, { name: "undici", load: stubUnused }, ...plugins],
  };
}

/**
 * A plugin that replaces a module, and fails if the bundle does not have it.
 *
 * @param {string} path below `packages`
 * @param {string} code
 * @returns {import("rolldown").Plugin}
 */
export function replaceModule(path, code) {
  let isReplaced = false;
  return {
    name: `replace-${path}`,
    load(id) {
      if (id !== join(root, "packages", path)) return undefined;
      isReplaced = true;
      return { code, moduleType: "js" };
    },
    buildEnd(error) {
      if (error === undefined && !isReplaced) throw new Error(`The bundle does not have ${path}.`);
    },
  };
}

/** What the command reads from its package.json, as constants, because a bundle does not have that file next to it. */
export function manifestAsConstants() {
  const { version } = manifestOf(join(root, "packages", "cli"));
  return [
    replaceModule("cli/src/version.ts", `export const packageVersion = () => ${JSON.stringify(version)};`),
    replaceModule(
      "cli/src/repository.ts",
      `export const repositoryAddress = () => ${JSON.stringify(repositoryAddress())};`,
    ),
  ];
}

/** The TypeScript of a package of the workspace, which need not be compiled. */
function sourceOf(id, importer) {
  if (id.startsWith("../dist/")) return sourcePath(dirname(dirname(importer)), id.slice(1));
  if (id === "spack-oci") return sourcePath(join(root, "packages", "cli"), "./dist/index.js");
  const [, name, entry = ""] = /^@spack-oci\/([^/]+)(\/.*)?$/.exec(id) ?? [];
  if (name === undefined) return undefined;
  const directory = join(root, "packages", name);
  return sourcePath(directory, manifestOf(directory).exports[`.${entry}`].default);
}

function sourcePath(directory, compiled) {
  return join(directory, compiled.replace("./dist/", "src/").replace(/js$/, "ts"));
}

/** undici loads browser APIs and mocks, which nothing here uses and which take half of the startup time. */
function stubUnused(id) {
  if (!/\/node_modules\/undici\/lib\/(cache|interceptor|mock|web)\//.test(id)) return undefined;
  return "module.exports = new Proxy({}, { get: () => class Unused {} });";
}
