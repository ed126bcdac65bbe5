// The packages with the native code of the locks, which stands beside the bundled command, because it cannot be
// bundled.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { root } from "./workspace.mjs";

/** The platforms whose locks are supported (packages/spack-store/src/locks/record-locks.ts). */
export const PLATFORMS = [
  ...["linux-x64", "linux-arm64", "linux-ppc64", "linux-riscv64", "linux-loong64"],
  ...["darwin-x64", "darwin-arm64"],
];

/** Of koffi, without its sources and its documentation. */
const KOFFI_FILES = [
  ...["package.json", "LICENSE.txt", "index.cjs", "index.js"],
  ...["index.cjs", "index.js", "src/static.cjs", "src/static.js"].map((name) => `src/koffi/${name}`),
];

/**
 * Copies koffi and its compiled code to a `node_modules` directory.
 *
 * @param {string} modules
 * @param {string[]} platforms whose code is downloaded, besides that of this machine
 * @returns {string[]} directories with a license that must accompany every copy
 */
export function copyLockPackages(modules, platforms) {
  rmSync(modules, { recursive: true, force: true });
  const koffi = realpathSync(join(root, "packages", "spack-store", "node_modules", "koffi"));
  for (const file of KOFFI_FILES) {
    mkdirSync(dirname(join(modules, "koffi", file)), { recursive: true });
    cpSync(join(koffi, file), join(modules, "koffi", file));
  }
  const { optionalDependencies } = JSON.parse(readFileSync(join(koffi, "package.json"), "utf8"));
  for (const platform of new Set([`${process.platform}-${process.arch}`, ...platforms])) {
    const name = `@koromix/koffi-${platform}`;
    const [installed, copy] = [join(koffi, "..", name), join(modules, name)];
    if (existsSync(installed)) cpSync(installed, copy, { recursive: true, dereference: true });
    else download(name, optionalDependencies[name], copy);
  }
  return [join(modules, "koffi")];
}

/** pnpm installs only the code for this machine, but its lock file lists the digests of all. */
function download(name, version, directory) {
  const scratch = mkdtempSync(join(tmpdir(), "spack-oci-bundle-"));
  try {
    const packed = run("npm", ["pack", `${name}@${version}`, "--silent", "--pack-destination", scratch]);
    const file = join(scratch, packed.trim());
    const lockFile = readFileSync(join(root, "pnpm-lock.yaml"), "utf8");
    const digest = createHash("sha512").update(readFileSync(file)).digest("base64");
    const entry = lockFile.split(`'${name}@${version}':\n`)[1]?.split("\n", 1)[0] ?? "";
    if (!entry.includes(`sha512-${digest}`))
      throw new Error(`${name}@${version} is not what pnpm-lock.yaml lists`);
    mkdirSync(directory, { recursive: true });
    run("tar", ["-xzf", file, "-C", directory, "--strip-components=1"]);
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

function run(command, args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: "utf8" });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}: ${stderr}`);
  return stdout;
}
