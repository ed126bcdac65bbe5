// Puts the bundled command into a copy of Node (a "single executable application",
// https://nodejs.org/api/single-executable-applications.html), so that it runs on machines without Node.

import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { inject } from "postject";
import { WORKER_ASSET } from "./bundle-executable.mjs";
import { signMachO } from "./sign-macho.mjs";
import { stripElf } from "./strip-elf.mjs";

/** Node looks for this mark in itself, to see whether it holds a program. */
const FUSE = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";

/**
 * @typedef {object} ExecutableParts
 * @property {string} node the Node that becomes the executable
 * @property {string} packer a Node of the same version that runs on this machine
 * @property {{ main: string, worker: string }} code see `bundleExecutable`
 * @property {string} nativeCode koffi's compiled code for the platform
 */

/**
 * @param {string} file the executable to write
 * @param {ExecutableParts} parts
 */
export async function makeExecutable(file, { node, packer, code, nativeCode }) {
  const scratch = mkdtempSync(join(tmpdir(), "spack-oci-executable-"));
  try {
    const [main, worker] = [join(scratch, "main.cjs"), join(scratch, WORKER_ASSET)];
    writeFileSync(main, code.main);
    writeFileSync(worker, code.worker);
    const [blob, configuration] = [join(scratch, "blob"), join(scratch, "sea.json")];
    writeFileSync(
      configuration,
      JSON.stringify({
        main,
        output: blob,
        disableExperimentalSEAWarning: true,
        // Only a Node for the same processor can use it.
        useCodeCache: node === packer,
        assets: { [WORKER_ASSET]: worker, "koffi.node": nativeCode },
      }),
    );
    const { status, stderr } = spawnSync(packer, ["--experimental-sea-config", configuration], {
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`${packer} could not pack the command: ${stderr}`);
    const isElf = readFileSync(node).readUInt32BE(0) === 0x7f454c46;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, isElf ? stripElf(readFileSync(node)) : readFileSync(node));
    chmodSync(file, 0o755);
    await inject(file, "NODE_SEA_BLOB", readFileSync(blob), {
      sentinelFuse: FUSE,
      machoSegmentName: "NODE_SEA",
    });
    if (!isElf) await signMachO(file);
  } finally {
    rmSync(scratch, { recursive: true });
  }
}
