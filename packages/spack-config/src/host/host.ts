// Facts about the machine and the user that the configuration can refer to.

import { accessSync, constants, readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { resolve } from "node:path";
import { type HostTarget, hostTarget } from "./microarchitecture.js";
import { hostOperatingSystem, hostPlatform } from "./operating-system.js";

/** The architecture of the host, as Spack names it. */
export interface HostArchitecture {
  readonly platform: string;
  readonly os: string;
  readonly target: HostTarget;
}

/** The process environment. */
export type ProcessEnvironment = Readonly<Record<string, string | undefined>>;

/**
 * The architecture of this machine, by the tables of a Spack if there is one. Source: `lib/spack/spack/util/path.py`,
 * `architecture`.
 *
 * @example
 * ```ts
 * import { detectHost } from "@spack-oci/spack-config";
 *
 * console.log(detectHost(undefined).os);
 * ```
 */
export function detectHost(spackRoot: string | undefined): HostArchitecture {
  return { platform: hostPlatform(), os: hostOperatingSystem(), target: hostTarget(spackRoot) };
}

/** The name of the effective user, or its ID if it has no name. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_SYSTEM_ERROR") throw error;
    return String(process.geteuid?.() ?? "");
  }
}

/** The home directory of a user by name, from `/etc/passwd`; undefined if there is none. */
export function homeOfUser(name: string): string | undefined {
  const lines = readFileSync("/etc/passwd", "utf8").split("\n");
  return lines.map((line) => line.split(":")).find(([user]) => user === name)?.[5];
}

/** The directory for temporary files, found as Python's `tempfile.gettempdir` does. */
export function temporaryDirectory(env: ProcessEnvironment, cwd: string): string {
  const named = [env["TMPDIR"], env["TEMP"], env["TMP"]].filter((path) => path !== undefined && path !== "");
  const candidates = [...named, "/tmp", "/var/tmp", "/usr/tmp", cwd];
  return candidates.map((path) => resolve(cwd, path ?? "")).find(isWritable) ?? cwd;
}

function isWritable(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
