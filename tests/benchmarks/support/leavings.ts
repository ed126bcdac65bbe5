// Removes the leftovers of runs at the end, because ext4 creates files slowly for minutes after others were deleted: it
// searches for inodes that were not in use recently.

import { rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterAll } from "vitest";

/** Bytes to keep free. */
const ROOM = 20e9;

const kept: string[] = [];

// Registered here, because a hook that is registered within another hook or a test never runs.
afterAll(removeLeavings);

/** Takes paths that are no longer needed. If the disk is almost full, all of them are removed at once. */
export function leaveBehind(paths: readonly string[]): void {
  kept.push(...paths);
  const { bavail, bsize } = statfsSync(tmpdir());
  if (bavail * bsize < ROOM) removeLeavings();
}

/** Removes all leftovers. */
export function removeLeavings(): void {
  for (const path of kept.splice(0)) rmSync(path, { recursive: true, force: true });
}
