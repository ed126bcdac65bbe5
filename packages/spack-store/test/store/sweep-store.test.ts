// Leftovers of killed writers are removed from a store, and nothing else.

import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { storeAt } from "../../src/store/store.js";
import { sweepStore } from "../../src/store/sweep-store.js";
import { temporaryDirectory } from "../support/temporary.js";

/** Belongs to no process: larger than any Linux gives out. */
const DEAD = 2 ** 22 + 1;
const ID = "3f0c1a52-9f5e-4c55-8a34-0b7d8f1f2f11";

it("removes the temporary files of dead writers of this machine, and nothing else", async () => {
  const store = storeAt(temporaryDirectory());
  const bin = dirname(store.sbangPath);
  const kept = {
    [store.databaseDirectory]: [
      "index.json",
      "index.json.bkp",
      `index.json.${hostname()}.${process.ppid}.temp`,
      `index.json.elsewhere.example.${DEAD}.temp`,
      "lock",
    ],
    [bin]: [`.sbang.${hostname()}.${process.ppid}.${ID}.tmp`, "sbang"],
  };
  const swept = [
    join(store.databaseDirectory, `index.json.${hostname()}.${DEAD}.temp`),
    join(bin, `.sbang.${hostname()}.${DEAD}.${ID}.tmp`),
  ];
  for (const [directory, names] of Object.entries(kept)) {
    mkdirSync(directory, { recursive: true });
    for (const name of names) writeFileSync(join(directory, name), "");
  }
  for (const path of swept) writeFileSync(path, "half");
  await sweepStore(store);
  for (const [directory, names] of Object.entries(kept))
    expect(readdirSync(directory).sort()).toEqual([...names].sort());
});

it("does nothing without a store", async () => {
  await expect(sweepStore(storeAt(join(temporaryDirectory(), "none")))).resolves.toBeUndefined();
});
