// Writes how long an install took, where Spack looks for it.

import { join } from "node:path";
import { formatJson, type Json } from "@spack-oci/spack-spec";

import { createFresh } from "./create-fresh.js";
import { type PackagePermissions, setPermissions } from "./permissions.js";

/** One part of an install. */
interface InstallPhase {
  /** Spack's own phases of an install from a buildcache are `search`, `fetch`, `install`, `extract` and `relocate`. */
  readonly name: string;
  /** The names of the phases around it and its own, joined by slashes; the name, if it is not part of another. */
  readonly path?: string;
  readonly seconds: number;
}

/** What {@link writeInstallTimes} writes. */
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
  const path = join(prefix, ".spack", "install_times.json");
  const file = await createFresh(path);
  try {
    await file.writeFile(formatInstallTimes(times));
  } finally {
    await file.close();
  }
  await setPermissions(path, permissions);
}

/** The text of such a file. */
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
