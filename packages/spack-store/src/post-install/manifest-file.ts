// Writes the install manifest, which `spack verify manifest` checks, entry by entry.

import type { FileHandle } from "node:fs/promises";
import { formatJson, type JsonObject } from "@spack-oci/spack-spec";

import { createFresh } from "./create-fresh.js";

/** The path below a prefix. */
export const MANIFEST_PATH = ".spack/install_manifest.json";

/** Characters to buffer before writing. */
const BATCH_LENGTH = 64 * 1024;

/**
 * One entry of an install manifest.
 *
 * @param prefix the final prefix of the package
 * @param path below the prefix; `""` is the prefix itself
 * @returns undefined for the manifest itself and install times: Spack ignores these files when it verifies, and would
 *   report them as deleted
 */
export function manifestMember(prefix: string, path: string, description: JsonObject): string | undefined {
  if (path === MANIFEST_PATH || /(^|\/)install_times\.json$/.test(path)) return undefined;
  const name = path === "" ? prefix : `${prefix}/${path}`;
  return `${formatJson(name)}:${formatJson(description)}`;
}

/** An install manifest, written as it grows. Always close it. */
export class ManifestFile {
  readonly #file: FileHandle;
  readonly #prefix: string;
  #held = "{";
  #separator = "";

  private constructor(file: FileHandle, prefix: string) {
    this.#file = file;
    this.#prefix = prefix;
  }

  /**
   * @param prefix the final prefix of the package
   * @throws Error of the file system, like all methods
   */
  static async create(path: string, prefix: string): Promise<ManifestFile> {
    return new ManifestFile(await createFresh(path), prefix);
  }

  /** Adds an entry as {@link manifestMember} formats it. */
  async add(path: string, description: JsonObject): Promise<void> {
    const member = manifestMember(this.#prefix, path, description);
    if (member === undefined) return;
    this.#held += `${this.#separator}${member}`;
    this.#separator = ",";
    if (this.#held.length > BATCH_LENGTH) await this.#write();
  }

  /** Completes the manifest. */
  async end(): Promise<void> {
    this.#held += "}";
    await this.#write();
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  async #write(): Promise<void> {
    const text = this.#held;
    this.#held = "";
    await this.#file.appendFile(text);
  }
}
