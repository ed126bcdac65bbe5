// Signs an executable for macOS ad hoc, with the code that signs relocated packages. Macs with Apple silicon run nothing
// that is not signed.

import { closeSync, fstatSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { build as bundle } from "rolldown";
import { fromSources } from "../bundle-sources.mjs";
import { root } from "../workspace.mjs";

const SIGNER = join(root, "packages", "spack-tarball", "src", "macho", "sign", "sign-file.ts");

/** @param {string} path a Mach-O file, whose name becomes the identifier */
export async function signMachO(path) {
  const signFile = await loadSigner();
  const descriptor = openSync(path, "r+");
  try {
    const file = {
      get size() {
        return fstatSync(descriptor).size;
      },
      readNow: (buffer, position) => readSync(descriptor, buffer, 0, buffer.length, position),
      writeNow(bytes, position) {
        let done = 0;
        while (done < bytes.length)
          done += writeSync(descriptor, bytes, done, bytes.length - done, position + done);
      },
    };
    signFile(file, { name: basename(path), changes: [{ offset: 0, size: file.size }] });
  } finally {
    closeSync(descriptor);
  }
}

/** From the sources, because nothing may have been built. */
async function loadSigner() {
  const scratch = mkdtempSync(join(tmpdir(), "spack-oci-signer-"));
  try {
    const file = join(scratch, "sign-file.mjs");
    await bundle({ ...fromSources([]), input: SIGNER, output: { file, format: "esm" } });
    const { signFile } = await import(pathToFileURL(file).href);
    return signFile;
  } finally {
    rmSync(scratch, { recursive: true });
  }
}
