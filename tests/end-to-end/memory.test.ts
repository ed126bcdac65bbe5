// Pushing and pulling a package of any size takes no more memory than a small one, in the whole process.

import { randomBytes } from "node:crypto";
import { closeSync, mkdirSync, openSync, readSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildBundle } from "../support/bundle.js";
import { fixture } from "../support/fixtures.js";
import { writeLargeFile } from "../support/large-files.js";
import { type MeasuredEnd, peakOfCommand } from "../support/peak-of-process.js";
import { type RunningRegistry, registries } from "../support/registries.js";
import { scratchDirectory } from "../support/scratch.js";
import { findPrefix } from "../support/store-tree.js";
import { canWriteZstd } from "../support/zstd.js";

const MEGABYTE = 1e6;
/**
 * The limit for every run, and the allowed difference between the large and the small package, which is due to garbage
 * collection and far less than any copy of its bytes. zstd blocks are four times as large as gzip blocks.
 */
const ALLOWANCES = {
  gzip: { peak: 200 * MEGABYTE, growth: 36 * MEGABYTE },
  zstd: { peak: 220 * MEGABYTE, growth: 60 * MEGABYTE },
};
/** Node versions after 20 free buffers later. */
const LATER = process.versions.node.startsWith("20.") ? 0 : 60 * MEGABYTE;
type Compression = keyof typeof ALLOWANCES;
const [SMALL, LARGE] = [40 * MEGABYTE, 400 * MEGABYTE];
const PACKAGE = "json-c-lite";
/** The identification of an ELF file (System V ABI, "ELF Identification"); the rest is searched as in any other. */
const ELF_START = Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, ...Buffer.alloc(57)]);

const store = scratchDirectory("memory");
let program: string;
let registry: RunningRegistry;
let prefix: string;

beforeAll(async () => {
  program = buildBundle(scratchDirectory("bundle"));
  const [[, start]] = registries as [(typeof registries)[number]];
  registry = await start();
  await run("pull", `oci-layout:${fixture("oci-layout-main")}`, PACKAGE, "--root", store);
  prefix = findPrefix(store, PACKAGE);
  mkdirSync(join(prefix, "share"), { recursive: true });
}, 120_000);
afterAll(() => registry?.stop());

async function run(...args: string[]): Promise<MeasuredEnd> {
  const end = await peakOfCommand(program, args);
  expect(end).toMatchObject({ status: 0 });
  return end;
}

/** Packages that a pull can write at the same time. */
const PACKAGES = ["argobots-lite@1.2", "libfabric-lite@1.21.1", "interp-lite", "json-c-lite"];
/** Bytes in the files of each, and of one of the files, which is written in memory. */
const [EACH, FILE] = [60 * MEGABYTE, 3 * MEGABYTE];

it("many large packages at once need hardly more memory than one", async () => {
  const source = scratchDirectory("memory");
  await run("pull", `oci-layout:${fixture("oci-layout-main")}`, ...PACKAGES, "--root", source);
  for (const spec of PACKAGES) {
    const filled = findPrefix(source, spec.split("@")[0] ?? "");
    mkdirSync(join(filled, "share"), { recursive: true });
    for (let number = 0; number < EACH / FILE; number += 1)
      writeNoise(join(filled, "share", `file-${number}`), `${filled}/lib\0`);
  }
  const mirror = registry.location("memory/many");
  await run("push", mirror, ...PACKAGES, "--store", source, "--update-index");
  const root = scratchDirectory("memory");
  const { peak } = await run("pull", mirror, ...PACKAGES, "--root", root, "--jobs", "8");
  console.info(`pull of ${PACKAGES.length} packages: ${Math.round(peak / MEGABYTE)} MB`);
  expect(peak).toBeLessThan(160 * MEGABYTE + LATER);
}, 300_000);

/** A binary that hardly compresses, so that its package arrives in long members. */
function writeNoise(path: string, text: string): void {
  writeFileSync(path, Buffer.concat([ELF_START, randomBytes(FILE), Buffer.from(`\0${text}`)]));
}

/** Half of the package is a binary, and half is text; both have paths to relocate throughout. */
function fill(bytes: number): void {
  const [binary, text] = [ELF_START, "#!/bin/sh\n"];
  writeLargeFile(join(prefix, "share/binary"), binary, `${prefix}/lib\0${"data".repeat(5000)}\0`, bytes / 2);
  writeLargeFile(join(prefix, "share/text"), text, `${prefix}/bin ${"text\n".repeat(5000)}`, bytes / 2);
}

/** The memory of a push, and of a pull of the same package. */
async function peaks(bytes: number, compression: Compression): Promise<Record<"push" | "pull", number>> {
  fill(bytes);
  const mirror = registry.location(`memory/${compression}-${bytes}`);
  const options = ["--store", store, "--update-index", "--compression", compression];
  const push = await run("push", mirror, PACKAGE, ...options);
  const root = scratchDirectory("memory");
  const pull = await run("pull", mirror, PACKAGE, "--root", root);
  for (const file of ["share/binary", "share/text"]) {
    const [pushed, pulled] = [join(prefix, file), join(prefix.replace(store, root), file)];
    expect(statSync(pulled).size).toBe(statSync(pushed).size);
    expect(lastLines(pulled)).toBe(lastLines(pushed).replaceAll(store, root));
  }
  rmSync(root, { recursive: true });
  return { push: push.peak, pull: pull.peak };
}

/** Enough bytes at the end of a file to contain a path. */
function lastLines(path: string): string {
  const bytes = Buffer.alloc(32768);
  const file = openSync(path, "r");
  readSync(file, bytes, 0, bytes.length, statSync(path).size - bytes.length);
  closeSync(file);
  return bytes.toString();
}

const compressions: readonly Compression[] = [
  "gzip",
  ...(canWriteZstd("memory for layers of zstd") ? (["zstd"] as const) : []),
];

it.each(compressions)(
  "a package ten times as large needs no more memory, with %s",
  async (compression) => {
    const { peak, growth } = ALLOWANCES[compression];
    const [small, large] = [await peaks(SMALL, compression), await peaks(LARGE, compression)];
    const megabytes = (bytes: number) => Math.round(bytes / MEGABYTE);
    for (const verb of ["push", "pull"] as const) {
      const [before, after] = [small[verb], large[verb]];
      console.info(
        `${verb}, ${compression}: ${megabytes(before)} MB, and ${megabytes(after)} MB for the large one`,
      );
      expect(after).toBeLessThan(peak + LATER);
      expect(after - before).toBeLessThan(growth + LATER);
    }
  },
  300_000,
);
