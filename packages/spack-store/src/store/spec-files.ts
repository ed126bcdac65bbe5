// Reads specs and directories of a store, and collects unreadable ones instead of failing.

import type { Dirent } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { isMissing, isSpackOciError, reasonOf, SpackOciError } from "@spack-oci/errors";
import {
  parseSpecDocument,
  readSpecDocument,
  type SpecDocument,
  type SpecGraph,
  type SpecNode,
} from "@spack-oci/spack-spec";
import { parse } from "yaml";

/** An unreadable file or directory, and why. */
export interface UnreadableFile {
  readonly path: string;
  readonly error: SpackOciError;
}

/** Reads the specs of many packages. Keeps only the first node of each spec, even if several documents contain it. */
export class SpecFiles {
  readonly #graph = new Map<string, SpecNode>();
  readonly #unreadable: UnreadableFile[] = [];

  /** The nodes of all documents read so far. */
  get graph(): SpecGraph {
    return this.#graph;
  }

  /** Existing files and directories that could not be read. */
  get unreadable(): readonly UnreadableFile[] {
    return this.#unreadable;
  }

  /**
   * The spec in a file: JSON if its name ends in `.json`, else YAML (`Spec.from_specfile` in `spack/spec.py`).
   * Undefined if the file does not exist or cannot be read.
   */
  async read(path: string): Promise<SpecNode | undefined> {
    try {
      const text = await readFile(path, "utf8");
      const { root, graph } = path.endsWith(".json") ? parseSpecDocument(text, path) : parseYaml(text, path);
      for (const [hash, node] of graph) if (!this.#graph.has(hash)) this.#graph.set(hash, node);
      return root;
    } catch (error) {
      this.#note(error, path);
      return undefined;
    }
  }

  /** The entries of a directory, sorted by name; empty if it does not exist or cannot be read. */
  async list(path: string): Promise<readonly Dirent[]> {
    try {
      const entries = await readdir(path, { withFileTypes: true });
      return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    } catch (error) {
      this.#note(error, path);
      return [];
    }
  }

  #note(error: unknown, path: string): void {
    if (isMissing(error)) return;
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    this.#unreadable.push({ path, error: isSpackOciError(error) ? error : unreadable(path, error) });
  }
}

function parseYaml(text: string, path: string): SpecDocument {
  try {
    return readSpecDocument(parse(text, { mapAsMap: true, intAsBigInt: true }));
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function unreadable(path: string, cause: unknown): SpackOciError {
  return new SpackOciError("ERR_SPEC_FILE", `Could not read ${path}: ${reasonOf(cause)}.`, {
    kind: "corrupt",
    place: path,
    hint: "Its package is no longer in the database; install it again, or remove it.",
    cause,
  });
}
