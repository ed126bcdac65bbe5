// Uploads a large layer while it is still being packed, so that the network and the processors work at the same time.

import { Readable } from "node:stream";
import { type BlobStreamer, type Descriptor, onAbort } from "@spack-oci/oci-client";
import { GrowingFile } from "./growing-file.js";
import type { UploadOptions } from "./upload-layer.js";

/**
 * How many bytes are packed before the upload begins. A smaller layer gains little from an early upload; with its
 * digest known, the buildcache is first asked whether it already has it.
 */
const EARLY_UPLOAD_THRESHOLD = 16 * 1024 * 1024;

export class EarlyUpload {
  readonly #target: BlobStreamer;
  readonly #file: GrowingFile;
  readonly #options: UploadOptions;
  readonly #stop = new AbortController();
  #resolveWhole!: (whole: Descriptor) => void;
  #rejectWhole!: (reason: unknown) => void;
  readonly #whole = new Promise<Descriptor>((resolve, reject) => {
    this.#resolveWhole = resolve;
    this.#rejectWhole = reject;
  });
  #sent: Promise<boolean> | undefined;
  #isPacked = false;
  /** Bytes sent before progress may be reported. */
  #unreported = 0;

  /**
   * @param path the file that the layer is packed into
   * @param options `onBytes` is not called before the layer is packed
   */
  constructor(target: BlobStreamer, path: string, options: UploadOptions) {
    this.#target = target;
    this.#file = new GrowingFile(path);
    this.#options = options;
  }

  /** The file has this many bytes by now. */
  grown(size: number): void {
    this.#file.grow(size);
    if (size < EARLY_UPLOAD_THRESHOLD || this.#sent !== undefined) return;
    this.#sent = this.#send();
    // The upload may fail long before `finish` awaits it.
    this.#sent.catch(() => {});
  }

  /**
   * Call once the layer is packed.
   *
   * @returns whether the buildcache has the layer now; if not, it has to be uploaded
   * @throws the signal's reason
   */
  async finish(whole: Descriptor): Promise<boolean> {
    this.#isPacked = true;
    this.#count(0);
    this.#file.grow(whole.size);
    this.#file.end();
    this.#resolveWhole(whole);
    return (await this.#sent) ?? false;
  }

  /** Abandons the layer. Returns once nothing is being sent any more. */
  async giveUp(reason: unknown): Promise<void> {
    this.#stop.abort(reason);
    // The upload may be waiting for more bytes.
    this.#whole.catch(() => {});
    this.#rejectWhole(reason);
    this.#file.end();
    // The upload ends with that reason, or with an error that no longer matters.
    await this.#sent?.catch(() => {});
  }

  async #send(): Promise<boolean> {
    const { signal } = this.#options;
    const release = onAbort(signal, () => this.#stop.abort(signal?.reason));
    try {
      return await this.#target.streamBlob(
        () => Readable.from(this.#file.read(), { objectMode: false }),
        this.#whole,
        { onBytes: (count) => this.#count(count), signal: this.#stop.signal },
      );
    } finally {
      release();
    }
  }

  #count(count: number): void {
    this.#unreported += count;
    if (!this.#isPacked || this.#unreported === 0) return;
    this.#options.onBytes?.(this.#unreported);
    this.#unreported = 0;
  }
}
