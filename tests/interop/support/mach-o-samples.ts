// Fetches Mach-O files of many compilers from npm's registry and PyPI, in pinned versions, once for each user.

import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join, relative } from "node:path";
import { binaryFormatOf } from "../../../packages/spack-tarball/src/classify/binary-format.js";

/** Programs and addons; some are universal. `mach-o-origins.test.ts` shows what they are written in. */
const NPM = [
  "@esbuild/darwin-arm64@0.25.5",
  "@esbuild/darwin-x64@0.25.5",
  "@rollup/rollup-darwin-arm64@4.43.0",
  "@rollup/rollup-darwin-x64@4.43.0",
  "@parcel/watcher-darwin-arm64@2.5.1",
  "@parcel/watcher-darwin-x64@2.5.1",
  "@img/sharp-libvips-darwin-arm64@1.1.0",
  "@koromix/koffi-darwin-arm64@3.3.4",
  "sqlite-vec-darwin-arm64@0.1.6",
  "fsevents@2.3.3",
  "@avh4/elm-format-darwin-arm64@0.8.8-1",
  "@rescript/darwin-arm64@12.2.0",
  "sass-embedded-darwin-arm64@1.105.0",
  "@vscode/vsce-sign-darwin-arm64@2.0.6",
  "@opentui/core-darwin-arm64@0.4.5",
  "@prettier-apex/apex-ast-serializer-darwin-arm64@2.3.0",
  "get-windows@9.3.0",
];

/** Wheels, with files that were signed by linkers, codesign or a company. */
const PYPI: readonly (readonly [requirement: string, platform: string])[] = [
  ["numpy==2.2.6", "macosx_14_0_arm64"],
  ["numpy==1.26.4", "macosx_10_9_x86_64"],
  ["h5py==3.13.0", "macosx_11_0_arm64"],
  ["pyzmq==26.4.0", "macosx_10_15_universal2"],
  ["pyobjc-core==11.1", "macosx_10_9_universal2"],
  ["ninja==1.11.1.4", "macosx_10_9_universal2"],
  ["cryptography==45.0.4", "macosx_10_9_universal2"],
  ["clang-format==20.1.6", "macosx_11_0_arm64"],
  ["nim-mmcif==0.0.21", "macosx_11_0_arm64"],
];

/** The wheel whose libraries delocate signed with codesign. */
export const SIGNED_BY_CODESIGN: RegExp = /\/(h5py|pyzmq)-/;

/** The program that a developer signed, with entitlements. */
export const SIGNED_BY_DEVELOPER = "dart-sass/src/dart";

/** Where the files are. */
function place(): string {
  return join(tmpdir(), `spack-oci-mach-o-2-${userInfo().uid}`);
}

/** The package that a file is from. */
export function packageOf(file: string): string {
  return relative(place(), file).split("/")[0] ?? "";
}

/** Paths of all Mach-O files in the packages; none if they cannot be fetched. */
export function machOSamples(): string[] {
  const directory = place();
  try {
    if (statSync(directory, { throwIfNoEntry: false }) === undefined) fetchAll(directory);
  } catch (error) {
    const [line = ""] = String(error).split("\n");
    console.log(`skipped: tests with Mach-O files of npm and PyPI, which cannot be fetched (${line})`);
    return [];
  }
  const files = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return files.filter((file) => binaryFormatOf(readFileSync(file).subarray(0, 8)) === "mach-o").sort();
}

function fetchAll(directory: string): void {
  const partial = `${directory}.${process.pid}`;
  try {
    for (const name of NPM) fetchFromNpm(name, partial);
    for (const [requirement, platform] of PYPI) fetchFromPyPI(requirement, platform, partial);
    renameSync(partial, directory);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

function fetchFromNpm(name: string, directory: string): void {
  const target = join(directory, name.replaceAll("/", "-"));
  mkdirSync(target, { recursive: true });
  run("npm", ["pack", "--silent", name, "--pack-destination", target], target);
  for (const file of readdirSync(target)) run("tar", ["xzf", file], target);
}

function fetchFromPyPI(requirement: string, platform: string, directory: string): void {
  const target = join(directory, requirement.replace("==", "-").concat("-", platform));
  mkdirSync(target, { recursive: true });
  const only = ["--no-deps", "--only-binary", ":all:", "--python-version", "3.11", "--platform", platform];
  run("python3", ["-m", "pip", "download", "--quiet", ...only, "--dest", target, requirement], target);
  for (const file of readdirSync(target)) run("python3", ["-m", "zipfile", "-e", file, "."], target);
}

function run(program: string, args: readonly string[], cwd: string): void {
  execFileSync(program, args, { cwd, stdio: ["ignore", "ignore", "pipe"], timeout: 120_000 });
}
