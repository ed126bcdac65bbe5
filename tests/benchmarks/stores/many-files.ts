// Fills a package with many small files: text like headers and scripts, some with the package's path.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { seededRandom } from "../../support/seeded-random.js";

const FILES_PER_DIRECTORY = 100;
const MAX_LENGTH = 8000;
/** One in this many files contains the package's own prefix. */
const FILES_PER_PATH = 20;

/** Writes `count` files; the same seed gives the same files. */
export function writeManyFiles(directory: string, prefix: string, count: number, seed: number): void {
  const random = seededRandom(seed);
  for (let number = 0; number < count; number += 1) {
    const parent = join(directory, String(Math.floor(number / FILES_PER_DIRECTORY)));
    if (number % FILES_PER_DIRECTORY === 0) mkdirSync(parent);
    const length = Math.floor(random() * MAX_LENGTH);
    const start = random() < 1 / FILES_PER_PATH ? `#include "${prefix}/include/all.h"\n` : "";
    writeFileSync(join(parent, `${number}.h`), start + lines(random, length));
  }
}

function lines(random: () => number, length: number): string {
  let text = "";
  while (text.length < length) text += `extern int f_${Math.floor(random() * 2 ** 32)}(const void *, int);\n`;
  return text;
}
