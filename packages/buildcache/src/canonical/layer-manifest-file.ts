// Writes the install manifest of a package that is looked through, entry by entry, as there may be very many.

import { type FileHandle, open } from "node:fs/promises";
import { formatLayerEntry, type LayerEntry } from "@spack-oci/spack-store";

/** Characters that are kept back until they are worth a write. */
const BATCH = 64 * 1024;

/** A JSON object that grows in a file. Close it, whatever happens. */
export class LayerManifestFile {
  readonly #file: FileHandle;
  readonly #prefix: string;
  #held = "{";
  #separator = "";

  private constructor(file: FileHandle, prefix: string) {
    this.#file = file;
    this.#prefix = prefix;
  }

  /** @param prefix that the package will have */
  static async create(path: string, prefix: string): Promise<LayerManifestFile> {
    return new LayerManifestFile(await open(path, "w"), prefix);
  }

  async add(entry: LayerEntry): Promise<void> {
    const member = formatLayerEntry(this.#prefix, entry);
    if (member === undefined) return;
    this.#held += `${this.#separator}${member}`;
    this.#separator = ",";
    if (this.#held.length > BATCH) await this.#write();
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
