// What runs leave and nobody needs: removed at the end, because ext4 makes files slowly for minutes after others were
// deleted, as it looks for inodes that were not in use of late.
import { rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterAll } from "vitest";

/** Bytes that stay free for what comes next. */
const ROOM = 20e9;

const kept: string[] = [];

// Registered here, because a hook that is registered within another hook or a test never runs.
afterAll(removeLeavings);

/** Takes paths that are no longer needed; where room is short, what there is of all of them is removed at once. */
export function leaveBehind(paths: readonly string[]): void {
  kept.push(...paths);
  const { bavail, bsize } = statfsSync(tmpdir());
  if (bavail * bsize < ROOM) removeLeavings();
}

/** Removes everything that was left behind. */
export function removeLeavings(): void {
  for (const path of kept.splice(0)) rmSync(path, { recursive: true, force: true });
}
