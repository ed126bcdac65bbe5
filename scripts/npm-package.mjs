// Downloads packages that the lock file does not install, because they are for other platforms, and checks their
// digests.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Downloads a package from npm's registry, or takes it from npm's cache.
 *
 * @param {string} specifier name@version
 * @param {string} integrity `sha512-` and the digest in base64, as in lock files
 * @param {string} directory where to unpack it
 * @param {string[]} files the only ones to unpack; by default all of them
 */
export function downloadPackage(specifier, integrity, directory, files = []) {
  const scratch = mkdtempSync(join(tmpdir(), "spack-oci-package-"));
  try {
    const packed = run("npm", [
      ...["pack", specifier, "--silent", "--prefer-offline"],
      ...["--pack-destination", scratch],
    ]);
    const file = join(scratch, packed.trim());
    const digest = createHash("sha512").update(readFileSync(file)).digest("base64");
    if (integrity !== `sha512-${digest}`)
      throw new Error(`${specifier} has sha512-${digest}, not ${integrity}.`);
    mkdirSync(directory, { recursive: true });
    const members = files.map((name) => `package/${name}`);
    run("tar", ["-xzf", file, "-C", directory, "--strip-components=1", ...members]);
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
