// Sets up the workspace with only Node and npm: dependencies through the pinned pnpm, then a build.

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const { packageManager } = manifestOf(root);

/** An optional native package, which is not published as compiled code; without it, zstd is slower on Node 20. */
const NATIVE = join(root, "packages", "spack-tarball", "node_modules", "zstd-napi");

/** The package.json of a package's directory. */
export function manifestOf(directory) {
  return JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
}

/** Where people read the sources and the documentation, without a slash at the end. */
export function repositoryAddress() {
  const { repository } = manifestOf(join(root, "packages", "cli"));
  return repository.url.replace(/^git\+/, "").replace(/\.git$/, "");
}

/** Runs a command in the workspace, and exits if it fails. */
function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: "inherit", ...options });
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

/** Runs a development dependency of the workspace. */
export function runTool(name, args = []) {
  run(join(root, "node_modules", ".bin", name), args);
}

/**
 * Installs exactly what the lockfile lists, with the pinned pnpm, without running scripts of dependencies.
 *
 * @param without names of packages in the workspace whose dependencies are not needed
 */
export function install(without = []) {
  const args = [
    ...without.flatMap((name) => ["--filter", `!${name}`]),
    "install",
    "--frozen-lockfile",
    "--ignore-scripts",
    "--prefer-offline",
    // An interrupted installation is replaced without a question, which nobody may be there to answer.
    "--config.confirmModulesPurge=false",
    // Shows progress; npm would pass on its own level.
    "--reporter=append-only",
    "--loglevel=info",
  ];
  runPnpm(args);
}

/** Runs the pinned pnpm. */
export function runPnpm(args) {
  run("npm", npmExec(packageManager, "pnpm", args));
}

/** Builds a project and its references; by default everything, including tests. */
export function build(project) {
  runTool("tsc", ["-b", ...(project === undefined ? [] : [project])]);
}

/** Compiles the native package once, if possible. */
export function buildNative() {
  if (!existsSync(NATIVE) || existsSync(join(NATIVE, "build", "Release"))) return;
  const { status } = spawnSync("npm", npmExec("node-gyp@12", "node-gyp", ["rebuild"]), {
    cwd: NATIVE,
    env: { ...process.env, ...headersBesideNode() },
    stdio: "ignore",
    timeout: 5 * 60 * 1000,
  });
  const outcome =
    status === 0 ? "was compiled" : "could not be compiled; features that need it are slower or skipped";
  console.log(`${basename(NATIVE)} ${outcome}`);
}

function npmExec(packageName, command, args) {
  return ["exec", "--yes", "--loglevel=error", "--package", packageName, "--", command, ...args];
}

/** Uses the headers next to Node, if any, to avoid a download. */
function headersBesideNode() {
  const directory = dirname(dirname(process.execPath));
  return existsSync(join(directory, "include", "node", "node_api.h"))
    ? { npm_config_nodedir: directory }
    : {};
}
