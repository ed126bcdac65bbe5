// Writes the list of a prefix's files that `spack verify manifest` checks entry by entry, as there may be very many.

import type { FileHandle } from "node:fs/promises";
import { formatJson, type JsonObject } from "@spack-oci/spack-spec";

import { createFresh } from "./create-fresh.js";

/** Where it is below a prefix. */
export const MANIFEST_PATH = ".spack/install_manifest.json";

/** Characters that are kept back until they are worth a write. */
const BATCH_LENGTH = 64 * 1024;

/** A JSON object that grows in a file. Close it, whatever happens. */
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
   * @param prefix that the package will have
   * @throws Error of the file system, as all others do
   */
  static async create(path: string, prefix: string): Promise<ManifestFile> {
    return new ManifestFile(await createFresh(path), prefix);
  }

  /**
   * Spack skips the manifest itself and the times of installs when it verifies, wherever they are, and would call them deleted if
   * the manifest had them; so they are left out.
   *
   * @param path below the prefix; `""` is the prefix itself
   */
  async add(path: string, description: JsonObject): Promise<void> {
    if (path === MANIFEST_PATH || /(^|\/)install_times\.json$/.test(path)) return;
    const name = path === "" ? this.#prefix : `${this.#prefix}/${path}`;
    this.#held += `${this.#separator}${formatJson(name)}:${formatJson(description)}`;
    this.#separator = ",";
    if (this.#held.length > BATCH_LENGTH) await this.#write();
  }

  /** The manifest is complete when this returns. */
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
