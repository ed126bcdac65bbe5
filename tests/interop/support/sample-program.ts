// A program of the sample store that prints the paths it was built with, and the machine's files that it needs.

import { copyFileSync, mkdirSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { extractSampleStore } from "../../../scripts/sample-store.mjs";
import { output } from "./tool.js";

/** The tag of the program's package. */
export const SAMPLE_TAG = "thallium-lite-0.14.0-2jgoj6ppsq6lzizkaswlttajqsu7olru.spack";

/** The program's path. */
export function sampleProgram(): string {
  const name = SAMPLE_TAG.replace(".spack", "");
  const find = (path: string): string => {
    const next = readdirSync(path).find((entry) => entry.startsWith("__") || entry.startsWith("linux-"));
    return next === undefined ? join(path, name, "bin", "thallium-info") : find(join(path, next));
  };
  return find(extractSampleStore());
}

/** Copies the parts of the machine's C library and dynamic loader that the program needs into a root file system. */
export async function copySystemLibraries(rootfs: string): Promise<void> {
  const listed = await output("ldd", sampleProgram());
  const libraries = [...listed.matchAll(/(\/\S+) \(0x/g)].map(([, path]) => path ?? "");
  for (const library of libraries.filter((path) => !path.startsWith(extractSampleStore()))) {
    mkdirSync(dirname(join(rootfs, library)), { recursive: true });
    copyFileSync(library, join(rootfs, library));
  }
}

/** Runs the program in a root file system, found through the PATH of an image. */
export function runSampleProgram(rootfs: string, environment: readonly string[]): Promise<string> {
  return output("env", "-i", ...environment, "/usr/sbin/chroot", rootfs, "thallium-info");
}
