// Loads koffi's native code inside of an executable, where it is an asset. A library can only be loaded from a file, so
// it is in one for a moment: without a name if possible, because a killed process cannot remove it.

import { closeSync, constants, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { getAsset } from "node:sea";

/** Some systems mount the first of these without permission to execute what is in it. */
const PLACES = [tmpdir(), process.env.XDG_RUNTIME_DIR, "/dev/shm", homedir()];

const NAME = "koffi.node";

/** Linux: a file that is in no directory, on the file system of the one that is opened (open(2), `O_TMPFILE`). */
const UNNAMED = 0o20000000 | constants.O_DIRECTORY | constants.O_RDWR;

export function loadNativeCode() {
  const ways = process.platform === "linux" ? [loadUnnamed, loadNamed] : [loadNamed];
  const errors = [];
  for (const load of ways) {
    for (const place of PLACES.filter(Boolean)) {
      try {
        return load(place);
      } catch (error) {
        errors.push(error);
      }
    }
  }
  throw new AggregateError(
    errors,
    `${NAME} cannot be loaded: ${errors.map(({ message }) => message).join("; ")}`,
  );
}

function loadUnnamed(place) {
  const descriptor = openSync(place, UNNAMED, 0o700);
  try {
    writeFileSync(descriptor, content());
    return load(`/proc/self/fd/${descriptor}`);
  } finally {
    closeSync(descriptor);
  }
}

function loadNamed(place) {
  const directory = mkdtempSync(join(place, ".spack-oci-"));
  try {
    const file = join(directory, NAME);
    writeFileSync(file, content());
    return load(file);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function content() {
  return new Uint8Array(getAsset(NAME));
}

function load(file) {
  const loaded = { exports: {} };
  process.dlopen(loaded, file);
  return loaded.exports;
}
