// Stores whose single package is filled with generated files.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { findPrefix } from "../../support/store-tree.js";
import { pullSample } from "./pull-sample.js";

/** The package to fill: a small one with few dependencies. */
export const FILLED = "json-c-lite";

/** A store with a filled package. */
export interface FilledStore {
  readonly root: string;
  readonly prefix: string;
}

/** @param fill writes files below `directory`, a directory in `prefix` */
export async function fillPackage(fill: (directory: string, prefix: string) => void): Promise<FilledStore> {
  const { root, paddedRoot } = await pullSample(FILLED);
  const prefix = findPrefix(paddedRoot, FILLED);
  const directory = join(prefix, "share", "generated");
  mkdirSync(directory, { recursive: true });
  fill(directory, prefix);
  return { root, prefix };
}
