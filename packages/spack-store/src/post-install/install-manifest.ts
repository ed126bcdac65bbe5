// Writes the list of a prefix's files that `spack verify manifest` checks.
import { createHash } from "node:crypto";
import type { BigIntStats } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { decodeFileName, lstat, openFile, readlink, sideBySide } from "@spack-oci/files";
import { formatJson } from "../json/format.js";
import type { Json, JsonObject } from "../json/value.js";
import { base32Encode } from "../spec/base32.js";
import { type PackagePermissions, setPermissions } from "./permissions.js";
import { walkPrefix } from "./walk.js";

const manifestName = "install_manifest.json";

/**
 * Whether a manifest has a file. Spack skips others when it verifies, wherever they are, and would call them deleted if the
 * manifest had them.
 *
 * @param path below the prefix
 */
export function isListed(path: string): boolean {
  return path !== `.spack/${manifestName}` && !/(^|\/)install_times\.json$/.test(path);
}

/**
 * Writes `.spack/install_manifest.json` of `prefix` as `write_manifest` of `spack/verify.py` does, with the paths that
 * the files will have below `finalPrefix`. To be called when nothing but times changes any more; a manifest that came
 * with the package is replaced, because its paths are those of the machine that built it.
 *
 * @throws Error of the file system
 */
export async function writeInstallManifest(
  prefix: string,
  finalPrefix: string,
  permissions: PackagePermissions,
): Promise<void> {
  const path = join(prefix, ".spack", manifestName);
  await writeFile(path, formatJson(await readManifest(prefix, finalPrefix)));
  await setPermissions(path, permissions);
}

async function readManifest(prefix: string, finalPrefix: string): Promise<JsonObject> {
  const top = Buffer.from(prefix);
  const manifest = new Map<string, Json>();
  await sideBySide(walkPrefix(top), async ({ path }) => {
    const relative = decodeFileName(path.subarray(top.length + 1));
    if (!isListed(relative)) return;
    const place = `${finalPrefix}/${relative}`;
    // Its place in the order, before others are described.
    manifest.set(place, null);
    manifest.set(place, await describe(path));
  });
  return manifest.set(finalPrefix, await describe(top));
}

/** `create_manifest_entry` of `spack/verify.py`. */
async function describe(path: Buffer): Promise<JsonObject> {
  const status = await lstat(path, { bigint: true });
  const entry = new Map<string, Json>([
    ["mode", status.mode],
    ["owner", status.uid],
    ["group", status.gid],
  ]);
  if (status.isSymbolicLink()) {
    entry.set("dest", decodeFileName(await readlink(path, { encoding: "buffer" })));
  } else if (status.isFile()) {
    entry.set("hash", await fileHash(path, Number(status.size)));
    entry.set("time", modificationTime(status));
    entry.set("size", status.size);
  }
  return entry;
}

const CHUNK_SIZE = 1024 * 1024;

/** Upper-case base32 of the sha1. Most files are small, and one read is much cheaper than a stream. */
async function fileHash(path: Buffer, size: number): Promise<string> {
  const hash = createHash("sha1");
  const buffer = Buffer.allocUnsafe(Math.min(CHUNK_SIZE, Math.max(1, size)));
  const file = await openFile(path, "r");
  try {
    for (let position = 0; position < size; ) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
      if (bytesRead === 0) break;
      hash.update(buffer.subarray(0, bytesRead));
      position += bytesRead;
    }
  } finally {
    await file.close();
  }
  return base32Encode(hash.digest()).toUpperCase();
}

/** Seconds since 1970 with Python's own rounding; Spack compares floats for equality. */
function modificationTime(status: BigIntStats): number {
  const nanoseconds = ((status.mtimeNs % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  return Number((status.mtimeNs - nanoseconds) / 1_000_000_000n) + 1e-9 * Number(nanoseconds);
}
