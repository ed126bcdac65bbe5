// Unpacks the sample store where Spack built it. Its files contain its paths, so it works nowhere else.

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
 * Unpacks the sample store, once. Nothing ever writes to it.
 *
 * @returns {string} its unpadded root
 */
export function extractSampleStore() {
  const digest = createHash("sha256").update(readFileSync(archive)).digest("hex");
  if (existsSync(marker) && readFileSync(marker, "utf8") === digest) return sampleStore;
  if (existsSync(home) && !existsSync(marker)) {
    throw new Error(
      `The sample store needs ${home}, which holds something else. Move it away and try again.`,
    );
  }
  // A second process finds the copy of the first; the final path never holds a partial copy.
  const scratch = `${home}.${randomUUID()}`;
  mkdirSync(scratch);
  try {
    const { status, stderr } = spawnSync("tar", ["-xpzf", archive, "-C", scratch], { encoding: "utf8" });
    if (status !== 0) throw new Error(`tar failed to unpack the sample store: ${stderr}`);
    writeFileSync(`${scratch}/.spack-oci-sample`, digest);
    rmSync(home, { recursive: true, force: true });
    renameSync(scratch, home);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return sampleStore;
}
