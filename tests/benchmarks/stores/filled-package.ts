// Stores of one package that was filled with something.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { findPrefix } from "../../support/store-tree.js";
import { pullSample } from "./pull-sample.js";

/** The package that is filled: a small one that needs little else. */
export const FILLED = "json-c-lite";

/** A store with a package that was filled. */
export interface FilledStore {
  readonly root: string;
  readonly prefix: string;
}

/** @param fill writes below `directory`, which is in `prefix` */
export async function fillPackage(fill: (directory: string, prefix: string) => void): Promise<FilledStore> {
  const { root, paddedRoot } = await pullSample(FILLED);
  const prefix = findPrefix(paddedRoot, FILLED);
  const directory = join(prefix, "share", "generated");
  mkdirSync(directory, { recursive: true });
  fill(directory, prefix);
  return { root, prefix };
}
