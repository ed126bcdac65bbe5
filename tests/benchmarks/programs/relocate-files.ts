// Relocates and signs the files of a package as a pull of a large one does, without a registry, an archive or a
// compression. What counts is the work on each file once its bytes have arrived.
//
//   node relocate-files.mjs PACKAGE alone|written COST
//
// With `written`, the files are also written, and their SHA-1 is computed for the manifest, as in every install.

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { ArrivingPrefix } from "@spack-oci/spack-store";
import { ArrivingRelocation, PrefixMap } from "@spack-oci/spack-tarball";
import { ArrivingPackage } from "../../../packages/buildcache/src/prefix-writing/arriving-package.js";
import { MemoryFile, openFile } from "../../../packages/files/src/index.js";
import { type BinaryPackage, batchesOf, readBinaryPackage } from "./binary-package.js";
import { Counter } from "./counter.js";

/** Larger files are relocated on disk (ArrivingPackage). */
const MAX_IN_MEMORY = 4 * 1024 * 1024;

const CHUNK_SIZE = 1024 * 1024;

/** Where a pull would install the package; shorter than any root, so that all strings fit. */
const NEW_ROOT = "/opt/s";

const UNLIMITED = { take: () => true, give: () => {} };

// As cli/bin/spack-oci.cjs does.
setFlagsFromString("--semi-space-growth-factor=1");
setFlagsFromString("--heap-growing-percent=100");
const v8Major = Number.parseInt(process.versions.v8, 10);
if (v8Major < 12) setFlagsFromString("--interrupt-budget=600000");
else if (v8Major < 13) setFlagsFromString("--invocation-count-for-turbofan=30000");

const [, , directory = "", mode = "", costFile = ""] = process.argv;
const described = readBinaryPackage(directory);
const scratch = mkdtempSync(join(directory, "scratch-"));
const counter = new Counter();
try {
  await (mode === "written" ? relocateAndWrite() : relocateAlone());
  counter.write(costFile);
} finally {
  rmSync(scratch, { recursive: true });
}

/** Only relocates and signs, in memory or on disk. */
async function relocateAlone(): Promise<void> {
  const relocation = relocationOf(described);
  for (const batch of batchesOf(described)) {
    const inMemory = batch
      .filter(({ bytes }) => bytes.length <= MAX_IN_MEMORY)
      .map(({ name, bytes }) => ({ name, content: new MemoryFile(bytes) }));
    const onDisk = batch
      .filter(({ bytes }) => bytes.length > MAX_IN_MEMORY)
      .map(({ name, bytes }, index) => {
        const place = join(scratch, `${index}`);
        writeFileSync(place, bytes);
        return { name, place };
      });
    await counter.count(async () => {
      for (const { name, content } of inMemory) relocation.inMemory(name, content);
      for (const { name, place } of onDisk) {
        const file = await openFile(place, "r+");
        await relocation.onDisk(name, file, place);
        await file.close();
      }
    });
  }
}

async function relocateAndWrite(): Promise<void> {
  const writer = new ArrivingPackage({
    prefix: new ArrivingPrefix({
      permissions: { fileMode: 0o755, directoryMode: 0o755 },
      sbangPath: `${NEW_ROOT}/bin/sbang`,
      platform: described.platform,
      remembered: UNLIMITED,
    }),
    known: { memberPrefix: "package", relocation: relocationOf(described) },
    runPaths: undefined,
    allowance: UNLIMITED,
  });
  for (const batch of batchesOf(described)) {
    await counter.count(async () => {
      for (const { name, bytes } of batch) {
        const path = join(scratch, name.replaceAll("/", "-"));
        const member = `package/${name}`;
        await writer.file(
          { name: member, path, create: (make) => make(path) },
          { name: member, type: "file", size: bytes.length, mode: 0o644, mtime: 0, linkName: "" },
          { chunks: () => chunksOf(bytes), inMemory: async () => new MemoryFile(bytes) },
        );
      }
    });
    for (const name of readdirSync(scratch)) rmSync(join(scratch, name));
  }
}

async function* chunksOf(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += CHUNK_SIZE) yield bytes.subarray(at, at + CHUNK_SIZE);
}

function relocationOf({ prefix, root, platform, names }: BinaryPackage): ArrivingRelocation {
  const info = {
    sbangInstallPath: undefined,
    buildPath: root,
    spackPrefix: undefined,
    relativePrefix: undefined,
    hashToPrefix: new Map(),
    hardlinksDeduped: true,
    relocateBinaries: names,
    relocateLinks: [],
    relocateTextFiles: [],
  };
  const map = new PrefixMap([
    [prefix, `${NEW_ROOT}${prefix.slice(root.length)}`],
    [root, NEW_ROOT],
  ]);
  return new ArrivingRelocation(info, { map, platform });
}
