// Sends a large layer while it is still being packed, so that the network and the processors work at the same time.

import { Readable } from "node:stream";
import type { BlobStreamer, Descriptor } from "@spack-oci/oci-client";
import { GrowingFile } from "./growing-file.js";
import type { UploadOptions } from "./upload-layer.js";

/**
 * Bytes of a layer that are packed before it is begun with. What is smaller is packed so soon that little would be gained,
 * and the buildcache is asked for it first, which it cannot be for a layer without a digest.
 */
const EARLIEST = 16 * 1024 * 1024;

export class EarlyUpload {
  readonly #target: BlobStreamer;
  readonly #file: GrowingFile;
  readonly #options: UploadOptions;
  readonly #stop = new AbortController();
  #settle!: (whole: Descriptor) => void;
  #fail!: (reason: unknown) => void;
  readonly #whole = new Promise<Descriptor>((resolve, reject) => {
    this.#settle = resolve;
    this.#fail = reject;
  });
  #sent: Promise<boolean> | undefined;
  #isPacked = false;
  /** Bytes that were sent before anybody was to know of them. */
  #untold = 0;

  /**
   * @param path the file that the layer is packed into
   * @param options `onBytes` is told of nothing before the layer is packed
   */
  constructor(target: BlobStreamer, path: string, options: UploadOptions) {
    this.#target = target;
    this.#file = new GrowingFile(path);
    this.#options = options;
  }

  /** There are so many bytes in the file by now. */
  grown(size: number): void {
    this.#file.grow(size);
    if (size < EARLIEST || this.#sent !== undefined) return;
    this.#sent = this.#send();
    // It may fail long before anybody asks.
    this.#sent.catch(() => {});
  }

  /**
   * The layer is packed.
   *
   * @returns whether it is in the buildcache now; if not, it has to be uploaded
   * @throws the signal's reason
   */
  async finish(whole: Descriptor): Promise<boolean> {
    this.#isPacked = true;
    this.#count(0);
    this.#file.grow(whole.size);
    this.#file.end();
    this.#settle(whole);
    return (await this.#sent) ?? false;
  }

  /** There will be no layer. Returns once nothing is sent any more. */
  async giveUp(reason: unknown): Promise<void> {
    this.#stop.abort(reason);
    // There may be no upload that waits for it.
    this.#whole.catch(() => {});
    this.#fail(reason);
    this.#file.end();
    // It ends with that reason, or with something that does not matter beside it.
    await this.#sent?.catch(() => {});
  }

  async #send(): Promise<boolean> {
    const { signal } = this.#options;
    const stop = () => this.#stop.abort(signal?.reason);
    if (signal?.aborted) stop();
    signal?.addEventListener("abort", stop, { once: true });
    try {
      return await this.#target.streamBlob(
        () => Readable.from(this.#file.read(), { objectMode: false }),
        this.#whole,
        { onBytes: (count) => this.#count(count), signal: this.#stop.signal },
      );
    } finally {
      signal?.removeEventListener("abort", stop);
    }
  }

  #count(count: number): void {
    this.#untold += count;
    if (!this.#isPacked || this.#untold === 0) return;
    this.#options.onBytes?.(this.#untold);
    this.#untold = 0;
  }
}
