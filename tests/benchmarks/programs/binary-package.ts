// A package of binaries in a directory, whose files arrive a few at a time.

import { closeSync, mkdirSync, openSync, readFileSync, readSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What is known of a package before its files arrive. */
export interface BinaryPackage {
  /** Where its files are. */
  readonly directory: string;
  readonly prefix: string;
  /** Of the install tree. */
  readonly root: string;
  readonly platform: string;
  /** Of all files. */
  readonly names: readonly string[];
}

/** A file whose bytes have arrived. */
interface ArrivedFile {
  readonly name: string;
  /** Valid until the next batch, and may be changed. */
  readonly bytes: Buffer;
}

/** Bytes of a batch, and of the largest file. */
const BATCH_SIZE = 32 * 1024 * 1024;

const DESCRIPTION = "package.json";

/** Writes a package to its directory. */
export function writeBinaryPackage(
  described: Omit<BinaryPackage, "names">,
  files: Readonly<Record<string, Buffer>>,
): void {
  for (const [name, bytes] of Object.entries(files)) {
    const path = join(described.directory, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  }
  const whole: BinaryPackage = { ...described, names: Object.keys(files) };
  writeFileSync(join(described.directory, DESCRIPTION), JSON.stringify(whole));
}

export function readBinaryPackage(directory: string): BinaryPackage {
  return JSON.parse(readFileSync(join(directory, DESCRIPTION), "utf8"));
}

/**
 * All files, in batches: asking for the CPU time takes as long as signing a small file. They share one buffer, because
 * garbage would be collected while the work is counted.
 */
export function* batchesOf({ directory, names }: BinaryPackage): Generator<readonly ArrivedFile[]> {
  const buffer = Buffer.alloc(BATCH_SIZE);
  let batch: ArrivedFile[] = [];
  let filled = 0;
  for (const name of names) {
    const path = join(directory, name);
    const { size } = statSync(path);
    if (filled + size > BATCH_SIZE) {
      yield batch;
      [batch, filled] = [[], 0];
    }
    const bytes = buffer.subarray(filled, filled + size);
    readWhole(path, bytes);
    batch.push({ name, bytes });
    filled += size;
  }
  yield batch;
}

function readWhole(path: string, bytes: Buffer): void {
  const file = openSync(path, "r");
  try {
    if (readSync(file, bytes) < bytes.length) throw new Error(`${path} is shorter than it was`);
  } finally {
    closeSync(file);
  }
}
