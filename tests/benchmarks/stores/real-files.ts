// Real files of this machine: libraries, programs and texts, to fill a large package, with the package's path added.

import { execFileSync } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, readSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { seededRandom } from "../../support/seeded-random.js";

const SOURCES = ["/usr/lib", "/usr/bin", "/usr/share/doc"];
const ELF = Buffer.from("\x7fELF");
/** One in this many texts contains the package's own prefix. All binaries do, as with run paths. */
const TEXTS_PER_PATH = 4;

type Kind = "binary" | "text";

/** A file of this machine, with a new name that no other has. */
interface RealFile {
  readonly name: string;
  readonly kind: Kind;
  readonly bytes: Buffer;
}

/**
 * Writes real files up to `megabytes`, or until there are no more. No file has more than a tenth of that.
 *
 * @param seed the same seed selects the same files, as long as the machine has them
 */
export function writeRealFiles(directory: string, prefix: string, megabytes: number, seed: number): void {
  const random = seededRandom(seed);
  for (const { name, kind, bytes } of realFiles(megabytes, random)) {
    const hasPath = kind === "binary" || random() < 1 / TEXTS_PER_PATH;
    const end = hasPath ? pathAtEnd(kind, prefix) : Buffer.alloc(0);
    writeFileSync(join(directory, name), Buffer.concat([bytes, end]));
  }
}

/** What to add to a file. A string at the end of a binary does no harm: nothing refers to it. */
export function pathAtEnd(kind: Kind, prefix: string): Buffer {
  return Buffer.from(kind === "binary" ? `\0${prefix}/lib\0` : `${prefix}/share\n`);
}

/** Real files up to `megabytes`, in random order, each read only when its turn comes. */
export function* realFiles(
  megabytes: number,
  random: () => number,
  kinds: readonly Kind[] = ["binary", "text"],
): Generator<RealFile> {
  let left = megabytes * 1e6;
  for (const [number, path] of shuffle(listCandidates(left / 10), random).entries()) {
    if (statSync(path).size > left) continue;
    const kind = kindOf(path);
    if (kind === "other" || !kinds.includes(kind)) continue;
    const bytes = readFileSync(path);
    yield { name: `${number}-${basename(path)}`, kind, bytes };
    left -= bytes.length;
    if (left < 4096) break;
  }
}

function listCandidates(largest: number): string[] {
  const sources = SOURCES.filter((path) => existsSync(path));
  const size = ["-size", "+1k", "-size", `-${Math.ceil(largest)}c`];
  // Unreadable files would make find fail.
  const args = [...sources, "!", "-readable", "-prune", "-o", "-type", "f", ...size, "-print"];
  return execFileSync("find", args, { encoding: "utf8", maxBuffer: 2 ** 28 })
    .trimEnd()
    .split("\n")
    .sort();
}

function kindOf(path: string): Kind | "other" {
  const start = Buffer.alloc(4096);
  const file = openSync(path, "r");
  try {
    readSync(file, start, 0, start.length, 0);
  } finally {
    closeSync(file);
  }
  if (start.subarray(0, ELF.length).equals(ELF)) return "binary";
  return start.subarray(0, statSync(path).size).includes(0) ? "other" : "text";
}

/** Fisher–Yates shuffle. */
function shuffle<T>(values: T[], random: () => number): T[] {
  for (let last = values.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [values[last], values[other]] = [values[other] as T, values[last] as T];
  }
  return values;
}
