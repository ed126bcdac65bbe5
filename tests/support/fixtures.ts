// The fixtures made by a real Spack, for suites over several packages.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The path of a file below tests/fixtures/spack-1.2. */
export function fixture(name: string): string {
  return fileURLToPath(new URL(`../fixtures/spack-1.2/${name}`, import.meta.url));
}

/** A JSON file below tests/fixtures/spack-1.2. */
export function readJson<T>(name: string): T {
  return JSON.parse(readFileSync(fixture(name), "utf8")) as T;
}

/** A file, directory or link of a prefix, as the oracle describes it. */
export interface OracleEntry {
  readonly type: "file" | "dir" | "symlink";
  readonly mode: string;
  readonly size?: number;
  readonly sha256?: string;
  readonly target?: string;
}

/** A prefix as the oracle describes it. */
interface OraclePrefix {
  readonly name: string;
  readonly version: string;
  readonly prefix: string;
  readonly entries: Readonly<Record<string, OracleEntry>>;
  /** Groups of names of one inode. */
  readonly hardlinks: readonly (readonly string[])[];
}

/** The description of a store that Spack installed. */
export interface Oracle {
  readonly root: string;
  readonly sbang_install_path: string;
  readonly installs: Readonly<Record<string, OraclePrefix>>;
}
