// The packages as they are published, packed from the current sources.

import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { onPath } from "./on-path.js";

const repository = fileURLToPath(new URL("../..", import.meta.url));

/** Packing writes to the packages, so one process at a time may do it. */
const lock = join(repository, "node_modules", ".cache", "spack-oci", "packing");

/**
 * Packs all packages into a directory.
 *
 * @returns the paths of their tarballs, by the names of the packages' directories
 */
export function packPackages(directory: string): ReadonlyMap<string, string> {
  mkdirSync(dirname(lock), { recursive: true });
  const first = onPath("flock") === undefined ? [] : ["flock", lock];
  const [command = "", ...args] = [
    ...first,
    process.execPath,
    join(repository, "scripts", "pack.mjs"),
    directory,
  ];
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`packing ended with ${status}: ${stdout}${stderr}`);
  const names = readdirSync(join(repository, "packages"));
  return new Map(
    names.map((name) => {
      const packed = name === "cli" ? "spack-oci" : `spack-oci-${name}`;
      const file = readdirSync(directory).find(
        (each) => /^-\d+\.\d+\.\d+.*\.tgz$/.test(each.slice(packed.length)) && each.startsWith(packed),
      );
      if (file === undefined) throw new Error(`${name} was not packed`);
      return [name, join(directory, file)];
    }),
  );
}
