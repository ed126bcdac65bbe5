// A download that survives cuts: it continues where it broke off, and its bytes are verified as they pass.

import { Readable } from "node:stream";
import { SpackOciError } from "@spack-oci/errors";
import { corruptContent, DigestVerifier, type Expected } from "../../content/verify.js";
import { ConnectionError } from "../../http/connection-error.js";
import { parseContentRange } from "../../http/content-range.js";
import { ContentStream } from "../../http/content-stream.js";
import { type HttpRequest, type HttpResponse, headerOf } from "../../http/http.js";
import { statusError } from "../../http/status-error.js";
import { onAbort } from "../../storage/on-abort.js";
import type { TransferOptions } from "../../storage/target.js";
import type { RegistryClient } from "../../transport/client.js";

/** Bytes that even a small download may fetch again. */
const MIN_WASTE = 8 * 1024 * 1024;

/** The answers of servers that refuse a range. */
const REJECTED_RANGE_STATUSES: readonly number[] = [400, 416, 501];

/** What to download. */
export interface Source {
  readonly request: HttpRequest;
  readonly expected: Expected;
}

/**
 * Opens content for reading. The first answer is awaited, so that missing content and missing rights are reported at
 * once. Later attempts ask the registry again and not the presigned link that it gave, which expires.
 */
export async function download(
  client: RegistryClient,
  { request, expected }: Source,
  { signal, onBytes }: TransferOptions,
): Promise<Readable> {
  const abort = new AbortController();
  const stopListening = onAbort(signal, () => abort.abort(signal?.reason));
  const attempt: HttpRequest = { ...request, signal: abort.signal };
  try {
    const first = await open(client, attempt, expected);
    const readable = new DownloadStream({ client, request: attempt, expected, first, abort, onBytes });
    readable.once("close", stopListening);
    return readable;
  } catch (error) {
    stopListening();
    throw error;
  }
}

/** A download under way. */
interface Download extends Source {
  readonly client: RegistryClient;
  readonly first: HttpResponse;
  /** Ends what the download waits for. */
  readonly abort: AbortController;
  readonly onBytes: TransferOptions["onBytes"];
}

/** Passes the answers on by events, without a promise for each chunk. */
class DownloadStream extends ContentStream {
  readonly #download: Download;
  readonly #verifier: DigestVerifier;
  readonly #waste: Waste;
  #answer: Readable | undefined;
  #isComplete = false;

  constructor(download: Download) {
    super();
    const { expected, request } = download;
    this.#download = download;
    this.#verifier = new DigestVerifier(expected, request.place);
    this.#waste = new Waste(expected.size, request.place);
    this.#run().then(
      () => this.push(null),
      (error) => this.destroy(error),
    );
  }

  override _read(): void {
    this.#answer?.resume();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    const { abort, first } = this.#download;
    if (!this.#isComplete) abort.abort(error ?? new DOMException("The stream was closed.", "AbortError"));
    first.stream?.destroy();
    this.#answer?.destroy();
    done(error);
  }

  /** Takes one answer after another until everything has come. */
  async #run(): Promise<void> {
    const { client, request, first } = this.#download;
    const verifier = this.#verifier;
    let response: HttpResponse | undefined = first;
    let useRange = true;
    for (let failures = 0; ; ) {
      const before = verifier.bytes;
      try {
        response ??= await reopen(this.#download, verifier.bytes, useRange);
        if (REJECTED_RANGE_STATUSES.includes(response.status)) {
          useRange = false; // some storage forgets how: start over, and skip the verified bytes
        } else {
          await this.#take(response);
          break;
        }
      } catch (error) {
        failures = verifier.bytes > before ? 1 : failures + 1;
        if (!isCut(error, request) || failures >= client.retry.policy.attempts) throw error;
        await client.retry.pause(failures, request.signal);
      }
      response = undefined;
    }
    verifier.finish();
    this.#isComplete = true;
  }

  /** Passes the new bytes of an answer on; fails with a ConnectionError if it ends too early. */
  #take(response: HttpResponse): Promise<void> {
    const { request, expected, onBytes } = this.#download;
    const verifier = this.#verifier;
    const { size } = expected;
    const answer = response.stream ?? Readable.from([]);
    let skip = verifier.bytes - startOf(response, verifier.bytes, request);
    this.#waste.add(skip);
    this.#answer = answer;
    return new Promise<void>((resolve, reject) => {
      const cut = (cause?: unknown) => reject(cutError(request, { bytes: verifier.bytes, size, cause }));
      const pass = (chunk: Buffer) => {
        const fresh = chunk.subarray(Math.min(skip, chunk.byteLength));
        skip -= chunk.byteLength - fresh.byteLength;
        if (fresh.byteLength === 0) return;
        try {
          verifier.update(fresh);
        } catch (error) {
          reject(error);
          answer.destroy();
          return;
        }
        onBytes?.(fresh.byteLength);
        if (!this.pass(fresh)) answer.pause();
      };
      answer
        .on("data", pass)
        .on("error", (cause) => (cause instanceof SpackOciError ? reject(cause) : cut(cause)))
        .once("end", () => (verifier.bytes < size ? cut() : resolve()))
        .once("close", () => {
          if (!answer.readableEnded) cut();
        });
    });
  }
}

async function open(client: RegistryClient, request: HttpRequest, expected: Expected): Promise<HttpResponse> {
  const response = await client.send(request);
  if (response.status !== 200) {
    response.stream?.destroy();
    throw statusError(response, request);
  }
  try {
    requireOffered(response, request, expected);
  } catch (error) {
    response.stream?.destroy();
    throw error;
  }
  return response;
}

/** @throws SpackOciError of kind `corrupt` if an answer announces another length than expected. */
export function requireOffered(response: HttpResponse, { place }: HttpRequest, { size }: Expected): void {
  const length = headerOf(response, "content-length");
  if (length === undefined || Number(length) === size) return;
  if (headerOf(response, "content-encoding") !== undefined) return;
  throw corruptContent(place, `the registry offers ${length} bytes, expected ${size}`);
}

async function reopen({ client, request, first }: Download, offset: number, useRange: boolean) {
  const etag = headerOf(first, "etag");
  const sameHost = first.url === request.url;
  const ifRange = etag?.startsWith('"') && sameHost ? { "if-range": etag } : {};
  const range = offset > 0 && useRange ? { range: `bytes=${offset}-`, ...ifRange } : {};
  const response = await client.send({ ...request, headers: { ...request.headers, ...range } });
  if (response.status === 200 || response.status === 206) return response;
  if (REJECTED_RANGE_STATUSES.includes(response.status) && useRange) return response;
  throw statusError(response, request);
}

/** The first byte of an answer; a registry that ignores the range answers 200 with the whole blob. */
function startOf(response: HttpResponse, offset: number, request: HttpRequest): number {
  if (response.status === 200) return 0;
  const start = parseContentRange(headerOf(response, "content-range"));
  if (start !== undefined && start <= offset) return start;
  response.stream?.destroy();
  throw corruptContent(request.place, `the registry answered with another range than bytes ${offset}-`);
}

/** Bytes that are fetched only to be skipped: at most the whole length, so that cuts cannot make it quadratic. */
class Waste {
  readonly #place: string;
  #left: number;

  constructor(size: number, place: string) {
    this.#left = Math.max(size, MIN_WASTE);
    this.#place = place;
  }

  add(bytes: number): void {
    this.#left -= bytes;
    if (this.#left >= 0) return;
    throw new SpackOciError(
      "ERR_OCI_NO_RANGE",
      `${this.#place}: the download breaks off repeatedly and cannot be resumed.`,
      {
        kind: "unreachable",
        place: this.#place,
        hint: "Try again from a more reliable network; the registry's storage does not serve ranges.",
      },
    );
  }
}

function isCut(error: unknown, request: HttpRequest): boolean {
  return error instanceof ConnectionError && error.retryable && request.signal?.aborted !== true;
}

/** How far a download got, and why no further. */
interface Cut {
  readonly bytes: number;
  readonly size: number;
  readonly cause?: unknown;
}

/** The error for an answer that broke off; the signal's reason if that was the cause. */
export function cutError({ place, signal }: HttpRequest, { bytes, size, cause }: Cut): unknown {
  if (signal?.aborted) return signal.reason;
  return new ConnectionError(`${place}: the connection broke after ${bytes} of ${size} bytes.`, {
    place,
    cause,
    retryable: true,
    hint: "Try again; while the process runs, downloads continue where they broke off.",
  });
}
