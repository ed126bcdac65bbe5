// The native code of the locks: koffi's, which has a package for each platform. It cannot be bundled.

import { cpSync, existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { downloadPackage } from "./npm-package.mjs";
import { manifestOf, root } from "./workspace.mjs";

const store = join(root, "packages", "spack-store");
const { optionalDependencies } = manifestOf(store);

const packageFor = (platform) => `@koromix/koffi-${platform}`;

/** The platforms whose locks are supported. */
export const PLATFORMS = Object.keys(optionalDependencies).map((name) => name.replace(packageFor(""), ""));

/** A directory with the license of the native code, which its packages lack. */
export const NATIVE_CODE_LICENSE = join(root, "node_modules", "koffi");

/**
 * Copies the native code to a `node_modules` directory, whose content it replaces.
 *
 * @param {string} modules
 * @param {string[]} platforms whose code is downloaded, besides that of this machine
 */
export function copyLockPackages(modules, platforms) {
  rmSync(modules, { recursive: true, force: true });
  for (const platform of new Set([`${process.platform}-${process.arch}`, ...platforms])) {
    if (PLATFORMS.includes(platform)) copyPlatform(platform, join(modules, packageFor(platform)));
  }
}

/**
 * The file with the native code for a platform; on Linux, for glibc.
 *
 * @param {string} platform
 * @returns {string}
 */
export function nativeCodeFor(platform) {
  const version = optionalDependencies[packageFor(platform)];
  const directory = join(root, "node_modules", ".cache", "spack-oci", `koffi-${platform}-${version}`);
  if (!existsSync(directory)) copyPlatform(platform, directory);
  return join(directory, platform.replace("-", "_"), "koffi.node");
}

function copyPlatform(platform, directory) {
  const installed = join(store, "node_modules", packageFor(platform));
  if (existsSync(installed)) cpSync(installed, directory, { recursive: true, dereference: true });
  else download(packageFor(platform), directory);
}

/** pnpm installs only the code for this machine, but its lock file lists the digests of all. */
function download(name, directory) {
  const specifier = `${name}@${optionalDependencies[name]}`;
  const lockFile = readFileSync(join(root, "pnpm-lock.yaml"), "utf8");
  const entry = lockFile.split(`'${specifier}':\n`)[1]?.split("\n", 1)[0] ?? "";
  const [integrity] = /sha512-[\w+/=]+/.exec(entry) ?? [];
  if (integrity === undefined) throw new Error(`pnpm-lock.yaml does not list ${specifier}.`);
  downloadPackage(specifier, integrity, directory);
}
