// A request's body on its way out: counted, watched for stalls, and never in memory beyond a chunk.

import type { Readable } from "node:stream";
import { ContentStream } from "../http/content-stream.js";
import type { RequestBody } from "../http/http.js";
import { bytesOf } from "../storage/bytes.js";
import { RelayedChunks } from "./relayed-chunks.js";

/** The size of the pieces handed to the connection, in bytes; with larger ones, stalls could not be observed. */
const PIECE_SIZE = 64 * 1024;

/** A body, and the errors of reading it. */
export interface UploadBody {
  /** Short content in memory goes into the same packet as the head of the request. */
  readonly content: Readable | Uint8Array;
  /** The error of the body's own source, for which the connection is not to blame. */
  sourceError(): unknown;
  /** Call after an attempt that was answered with success. */
  settle(): void;
  /** Takes back the counted bytes after an attempt that failed or was not answered with success. */
  takeBack(): void;
}

/**
 * Opens a body. `onStall` is called if the connection accepts no bytes for `stallTimeout` milliseconds; a slow source
 * is not a stall.
 */
export function openUploadBody(body: RequestBody, stallTimeout: number, onStall: () => void): UploadBody {
  const bytes = bytesOf(body.open);
  if (bytes !== undefined && bytes.byteLength <= PIECE_SIZE) {
    return {
      content: bytes,
      sourceError: () => undefined,
      settle: () => body.onBytes?.(bytes.byteLength),
      takeBack: () => {},
    };
  }
  const content = new SentStream(body, stallTimeout, onStall);
  return {
    content,
    sourceError: () => content.sourceError,
    settle: () => {},
    takeBack: () => content.takeBack(),
  };
}

/** Passes its source on by events, without a promise for each chunk. The connection pauses it while it is busy. */
class SentStream extends ContentStream {
  /** The error of the source itself. */
  sourceError: unknown;
  readonly #body: RequestBody;
  readonly #onStall: () => void;
  readonly #stallTimeout: number;
  #timer: NodeJS.Timeout | undefined;
  #source: Readable | undefined;
  #counted = 0;
  /** Of a body that is a download. */
  #relayed: RelayedChunks | undefined;

  constructor(body: RequestBody, stallTimeout: number, onStall: () => void) {
    super();
    this.#body = body;
    this.#stallTimeout = stallTimeout;
    this.#onStall = onStall;
  }

  override _construct(done: (error?: Error | null) => void): void {
    this.#open().then(
      () => done(),
      (error) => done(this.#failed(error)),
    );
  }

  override _read(): void {
    this.#source?.resume();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearTimeout(this.#timer);
    this.#relayed?.end();
    this.#source?.destroy(error ?? undefined);
    done(error);
  }

  /** The connection takes no more for now. */
  override pause(): this {
    if (this.#timer === undefined) {
      this.#timer = setTimeout(() => this.isPaused() && this.#onStall(), this.#stallTimeout);
      this.#timer.unref();
    } else this.#timer.refresh();
    return super.pause();
  }

  /** The connection has sent what it took. */
  override resume(): this {
    this.#relayed?.sent(this.readableLength);
    return super.resume();
  }

  takeBack(): void {
    if (this.#counted > 0) this.#body.onBytes?.(-this.#counted);
    this.#counted = 0;
  }

  async #open(): Promise<void> {
    const source = await this.#body.open();
    this.#source = source;
    if (source instanceof ContentStream) this.#relayed = new RelayedChunks();
    let hasEnded = false;
    source
      .on("data", (chunk: Uint8Array) => this.#pass(source, chunk))
      .once("end", () => {
        hasEnded = true;
        this.push(null);
      })
      .on("error", (error) => {
        // If this stream was destroyed first, by the connection, that is the error which comes back here.
        if (!this.destroyed) this.destroy(this.#failed(error));
      })
      .once("close", () => {
        if (!hasEnded && !this.destroyed)
          this.destroy(this.#failed(new Error("the source was closed before its end")));
      });
  }

  #pass(source: Readable, chunk: Uint8Array): void {
    let wantsMore = true;
    this.#relayed?.add(chunk);
    const size = this.#relayed === undefined ? PIECE_SIZE : chunk.byteLength;
    for (let start = 0; start < chunk.byteLength; start += size) {
      const piece = chunk.subarray(start, start + size);
      wantsMore = this.pass(piece);
      this.#counted += piece.byteLength;
      this.#body.onBytes?.(piece.byteLength);
    }
    if (!wantsMore) source.pause();
  }

  #failed(error: Error): Error {
    this.sourceError = error;
    return error;
  }
}
