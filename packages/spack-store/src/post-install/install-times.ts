// Records how long an install took, as Spack does.

import { join } from "node:path";
import { formatJson, type Json } from "@spack-oci/spack-spec";

import { createFresh } from "./create-fresh.js";
import { type PackagePermissions, setPermissions } from "./permissions.js";

/** The path below a prefix. */
export const INSTALL_TIMES_PATH = ".spack/install_times.json";

/** A phase of an install. */
interface InstallPhase {
  /** Spack's phases of an install from a buildcache are `search`, `fetch`, `install`, `extract` and `relocate`. */
  readonly name: string;
  /** The names of enclosing phases and its own, joined by slashes; by default its name. */
  readonly path?: string;
  readonly seconds: number;
}

/** The content of `install_times.json`. */
export interface InstallTimes {
  readonly name: string;
  readonly hash: string;
  readonly totalSeconds: number;
  readonly phases: readonly InstallPhase[];
}

/**
 * Writes `.spack/install_times.json` of `prefix` as Spack 1.2 does after an install from a buildcache
 * (`_write_timer_json` in `spack/installer.py`, `Timer.write_json` in `spack/util/timer.py`).
 *
 * @throws Error of the file system
 */
export async function writeInstallTimes(
  prefix: string,
  times: InstallTimes,
  permissions: PackagePermissions,
): Promise<void> {
  const path = join(prefix, INSTALL_TIMES_PATH);
  const file = await createFresh(path);
  try {
    await file.writeFile(formatInstallTimes(times));
  } finally {
    await file.close();
  }
  await setPermissions(path, permissions);
}

/** The text of `install_times.json`. */
export function formatInstallTimes(times: InstallTimes): string {
  const phases = times.phases.map(({ name, path, seconds }) => {
    return new Map<string, Json>([
      ["name", name],
      ["path", path ?? name],
      ["seconds", seconds],
      ["count", 1n],
    ]);
  });
  const json = new Map<string, Json>([
    ["total", times.totalSeconds],
    ["phases", phases],
    ["name", times.name],
    ["cache", true],
    ["hash", times.hash],
  ]);
  return formatJson(json);
}
