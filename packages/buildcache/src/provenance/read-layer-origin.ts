// Reads where a package was built from its layer, with as few bytes as its compression and the registry allow.

import { type ByteRange, type Descriptor, isRangeReader, type Target } from "@spack-oci/oci-client";
import {
  compressionOf,
  type FoundCompression,
  type LayerProvenance,
  provenanceAtEnd,
  provenanceAtStart,
  readProvenance,
  readProvenanceAtStart,
} from "@spack-oci/spack-tarball";

/**
 * How a layer was read: `whole` if it is small enough; `ends`, its start and its end by range requests; `start`
 * alone, if the end cannot be decompressed by itself and the start is enough; `stream`, to its end.
 */
export type LayerReadingWay = "whole" | "ends" | "start" | "stream";

export interface LayerReading {
  readonly origin: LayerProvenance;
  readonly way: LayerReadingWay;
  /** Without redirects, retries, and the request that shows that a registry does not support ranges. */
  readonly requests: number;
  /** Bytes read from the layer. */
  readonly bytes: number;
}

export interface LayerReadingOptions {
  /** Whether the start of a layer is enough if its end cannot be read without everything before it. */
  readonly isEnough: (origin: LayerProvenance) => boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Bytes; layers up to this size are read whole. */
const SMALL_LAYER = 64 * 1024;
/** Bytes; the members before the metadata, and its first files, have some thousands. */
const START_LENGTH = 16 * 1024;
/** Bytes; room for a `binary_distribution` that lists thousands of files. */
const END_LENGTH = 32 * 1024;

/** @throws SpackOciError of the target, and those of `readProvenance` */
export async function readLayerOrigin(
  target: Target,
  layer: Descriptor,
  options: LayerReadingOptions,
): Promise<LayerReading> {
  return new LayerReader(target, layer, options).read();
}

class LayerReader {
  readonly #target: Target;
  readonly #layer: Descriptor;
  readonly #options: LayerReadingOptions;
  #requests = 0;
  #bytes = 0;

  constructor(target: Target, layer: Descriptor, options: LayerReadingOptions) {
    this.#target = target;
    this.#layer = layer;
    this.#options = options;
  }

  async read(): Promise<LayerReading> {
    if (this.#layer.size <= SMALL_LAYER)
      return this.#result(await readProvenance(await this.#open()), "whole");
    const bytes = await this.#range({ start: 0, length: START_LENGTH });
    const start = bytes && (await provenanceAtStart(bytes));
    if (bytes !== undefined) {
      const both = await this.#withEnd(start ?? {}, compressionOf(bytes));
      if (both !== undefined) return this.#result(both, "ends");
    }
    const { isEnough } = this.#options;
    const found = start ?? (await readProvenanceAtStart(await this.#open()));
    if (isEnough(found)) return this.#result(found, "start");
    return this.#result(await readProvenance(await this.#open()), "stream");
  }

  /** The end reveals more than the start, and is used if the two agree. */
  async #withEnd(
    start: LayerProvenance,
    compression: FoundCompression,
  ): Promise<LayerProvenance | undefined> {
    const bytes = await this.#range({ start: this.#layer.size - END_LENGTH, length: END_LENGTH });
    const end = bytes && (await provenanceAtEnd(bytes, compression));
    if (end === undefined || (start.prefix !== undefined && start.prefix !== end.prefix)) return undefined;
    return { ...end, spackVersion: start.spackVersion };
  }

  async #range(range: ByteRange): Promise<Buffer | undefined> {
    if (!isRangeReader(this.#target)) return undefined;
    const bytes = await this.#target.readRange(this.#layer, range, { signal: this.#options.signal });
    if (bytes !== undefined) this.#requests += 1;
    this.#bytes += bytes?.length ?? 0;
    return bytes;
  }

  async #open(): Promise<AsyncIterable<Buffer>> {
    this.#requests += 1;
    const onBytes = (count: number) => {
      this.#bytes += count;
    };
    return this.#target.fetch(this.#layer, { signal: this.#options.signal, onBytes });
  }

  #result(origin: LayerProvenance, way: LayerReadingWay): LayerReading {
    return { origin, way, requests: this.#requests, bytes: this.#bytes };
  }
}
