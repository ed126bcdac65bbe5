// Small or read-only file systems, if this process may mount one.

import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { onTestFinished } from "vitest";
import { onPath } from "./on-path.js";

/**
 * Mounts a file system in memory until the test is over.
 *
 * @param options as of mount(8), e.g. `size=1m` or `ro`
 * @returns whether that is possible here
 */
export function mountInMemory(directory: string, options: string): boolean {
  mkdirSync(directory, { recursive: true });
  const [mount, unmount] = [onPath("mount"), onPath("umount")];
  if (mount === undefined || unmount === undefined) return false;
  if (spawnSync(mount, ["-t", "tmpfs", "-o", options, "tmpfs", directory]).status !== 0) return false;
  onTestFinished(() => void spawnSync(unmount, [directory]));
  return true;
}

/** Changes the options of a file system mounted by {@link mountInMemory}. */
export function remount(directory: string, options: string): void {
  spawnSync(onPath("mount") ?? "", ["-o", `remount,${options}`, directory]);
}
