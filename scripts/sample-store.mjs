// Puts the sample store where Spack built it: its paths are in its files, so it works nowhere else.

import { spawnSync } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const archive = fileURLToPath(
  new URL("../tests/fixtures/spack-1.2/producer/install-tree.tar.gz", import.meta.url),
);
const home = "/tmp/spackA";
const marker = `${home}/.spack-oci-sample`;

/** The sample store's unpadded root. */
const sampleStore = `${home}/opt`;

/**
 * Extracts the sample store, once; it is only ever read.
 *
 * @returns {string} its unpadded root
 */
export function extractSampleStore() {
  const digest = createHash("sha256").update(readFileSync(archive)).digest("hex");
  if (existsSync(marker) && readFileSync(marker, "utf8") === digest) return sampleStore;
  if (existsSync(home) && !existsSync(marker)) {
    throw new Error(
      `The sample store belongs at ${home}, where something else is. Move that away and try again.`,
    );
  }
  // Whoever comes second finds the first one's copy; a half-extracted one is never at the final path.
  const scratch = `${home}.${randomUUID()}`;
  mkdirSync(scratch);
  try {
    const { status, stderr } = spawnSync("tar", ["-xpzf", archive, "-C", scratch], { encoding: "utf8" });
    if (status !== 0) throw new Error(`tar cannot extract the sample store: ${stderr}`);
    writeFileSync(`${scratch}/.spack-oci-sample`, digest);
    rmSync(home, { recursive: true, force: true });
    renameSync(scratch, home);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return sampleStore;
}
