// The command that is measured, as it is published, and the data that it works on.
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../../..", import.meta.url));

/** The command line of this project's one file. */
export const spackOci = `${process.execPath} ${join(repository, "bundle", "spack-oci.cjs")}`;

/** The directories whose shared libraries and texts stand for a big package. */
const SOURCES = [
  "/usr/lib/x86_64-linux-gnu",
  "/usr/lib/aarch64-linux-gnu",
  "/usr/bin",
  "/usr/share/doc",
  "/usr/lib",
];

/**
 * Fills `directory` with real shared libraries, programs and texts of this machine.
 *
 * @param megabytes how many to stop at; there may be fewer
 * @returns the bytes that are there
 */
export function fillWithRealFiles(directory: string, megabytes: number): number {
  mkdirSync(directory, { recursive: true });
  const limit = megabytes * 1e6;
  let bytes = 0;
  for (const [number, path] of realFiles().entries()) {
    const { size } = statSync(path);
    if (bytes + size > limit) break;
    copyFileSync(path, join(directory, `${number}-${basename(path)}`));
    bytes += size;
  }
  return bytes;
}

function realFiles(): string[] {
  const sources = SOURCES.filter((path) => existsSync(path));
  const args = [...sources, "-type", "f", "-size", "+2k", "-size", "-20M", "-readable"];
  return execFileSync("find", args, { encoding: "utf8", maxBuffer: 2 ** 28 })
    .trimEnd()
    .split("\n");
}
