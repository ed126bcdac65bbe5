// Loads koffi's native code inside of an executable, where it is an asset. A library can only be loaded from a file,
// so it is in one for a moment.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { getAsset } from "node:sea";

/** Some systems mount the first of these without permission to execute what is in it. */
const PLACES = [tmpdir(), process.env.XDG_RUNTIME_DIR, "/dev/shm", homedir()];

const NAME = "koffi.node";

export function loadNativeCode() {
  const errors = [];
  for (const place of PLACES.filter(Boolean)) {
    try {
      return loadFrom(place);
    } catch (error) {
      errors.push(error);
    }
  }
  throw new AggregateError(
    errors,
    `${NAME} cannot be loaded: ${errors.map(({ message }) => message).join("; ")}`,
  );
}

function loadFrom(place) {
  const directory = mkdtempSync(join(place, ".spack-oci-"));
  try {
    const file = join(directory, NAME);
    writeFileSync(file, new Uint8Array(getAsset(NAME)));
    const loaded = { exports: {} };
    process.dlopen(loaded, file);
    return loaded.exports;
  } finally {
    rmSync(directory, { recursive: true });
  }
}
