// The contents of single packages.

import { type FilledStore, fillPackage } from "../stores/filled-package.js";
import { writeManyFiles } from "../stores/many-files.js";
import { writeRealFiles } from "../stores/real-files.js";
import type { Settings } from "../support/settings.js";
import { SEED, type Surroundings } from "../support/surroundings.js";

/** A package generated for some cases. */
export interface Filling {
  readonly name: "large" | "huge" | "files";
  readonly title: (settings: Settings) => string;
  readonly isLong: boolean;
  store(surroundings: Surroundings): Promise<FilledStore>;
}

export const fillings: readonly Filling[] = [
  {
    name: "large",
    title: ({ large }) => `one package of ${large} MB`,
    isLong: false,
    store: realFiles("large"),
  },
  { name: "huge", title: ({ huge }) => `one package of ${huge} MB`, isLong: true, store: realFiles("huge") },
  {
    name: "files",
    title: ({ files }) => `one package of ${files} small files`,
    isLong: true,
    store: manyFiles,
  },
];

function realFiles(size: "large" | "huge"): Filling["store"] {
  return (surroundings) =>
    surroundings.once(`${size} store`, () =>
      fillPackage((directory, prefix) =>
        writeRealFiles(directory, prefix, surroundings.settings[size], SEED),
      ),
    );
}

function manyFiles(surroundings: Surroundings): Promise<FilledStore> {
  const { files } = surroundings.settings;
  return surroundings.once("store of files", () =>
    fillPackage((directory, prefix) => writeManyFiles(directory, prefix, files, SEED)),
  );
}
