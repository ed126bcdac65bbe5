// A download that survives cuts: it goes on where it broke, with the hash it had, and is verified as it passes.
import type { Readable } from "node:stream";
import { SpackOciError } from "@spack-oci/errors";
import { corruptContent, DigestVerifier, type Expected } from "../content/verify.js";
import { ConnectionError } from "../http/connection-error.js";
import { forwardAborts } from "../http/forward-aborts.js";
import { type HttpRequest, type HttpResponse, headerOf } from "../http/http.js";
import { statusError } from "../http/status-error.js";
import type { TransferOptions } from "../target/target.js";
import type { RegistryClient } from "../transport/client.js";
import { parseContentRange } from "./content-range.js";
import { pulledReadable } from "./pulled-readable.js";

/**
 * Opens content for reading. The first answer is awaited, so that what is not there or not allowed is told at once;
 * later attempts ask the registry again, never a presigned link that it gave (lesson 17).
 */
export async function download(
  client: RegistryClient,
  request: HttpRequest,
  expected: Expected,
  options: TransferOptions,
): Promise<Readable> {
  const abort = new AbortController();
  const stopListening = forwardAborts(abort, options.signal);
  const attempt: HttpRequest = { ...request, signal: abort.signal };
  try {
    const first = await open(client, attempt, expected);
    const chunks = resume({ client, request: attempt, expected, onBytes: options.onBytes }, first);
    const readable = pulledReadable(chunks, abort);
    readable.once("close", stopListening);
    return readable;
  } catch (error) {
    stopListening();
    throw error;
  }
}

interface Download {
  readonly client: RegistryClient;
  readonly request: HttpRequest;
  readonly expected: Expected;
  readonly onBytes: TransferOptions["onBytes"];
}

async function* resume(download: Download, first: HttpResponse): AsyncGenerator<Buffer> {
  const { client, request, expected } = download;
  const verifier = new DigestVerifier(expected, request.place);
  const waste = new Waste(expected.size, request);
  let response: HttpResponse | undefined = first;
  let useRange = true;
  for (let failures = 0; ; ) {
    const before = verifier.bytes;
    try {
      response ??= await reopen(download, verifier.bytes, first, useRange);
      if (response.status === 416) {
        useRange = false; // some storage forgets how: start over, and skip what is known
      } else {
        yield* take(response, verifier, waste, download);
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
}

/** Passes an answer's new bytes on; fails with a ConnectionError when it ends too early. */
async function* take(
  response: HttpResponse,
  verifier: DigestVerifier,
  waste: Waste,
  { request, expected, onBytes }: Download,
): AsyncGenerator<Buffer> {
  let skip = verifier.bytes - startOf(response, verifier.bytes, request);
  waste.add(skip);
  try {
    for await (const chunk of (response.stream ?? []) as AsyncIterable<Buffer>) {
      const fresh = chunk.subarray(Math.min(skip, chunk.byteLength));
      skip -= chunk.byteLength - fresh.byteLength;
      if (fresh.byteLength === 0) continue;
      verifier.update(fresh);
      onBytes?.(fresh.byteLength);
      yield fresh;
    }
  } catch (error) {
    throw error instanceof SpackOciError ? error : cut(request, verifier.bytes, expected, error);
  } finally {
    response.stream?.destroy();
  }
  if (verifier.bytes < expected.size) throw cut(request, verifier.bytes, expected, undefined);
}

async function open(client: RegistryClient, request: HttpRequest, expected: Expected): Promise<HttpResponse> {
  const response = await client.send(request);
  if (response.status !== 200) {
    response.stream?.destroy();
    throw statusError(response, request);
  }
  const length = headerOf(response, "content-length");
  const encoded = headerOf(response, "content-encoding") !== undefined;
  if (!encoded && length !== undefined && Number(length) !== expected.size) {
    response.stream?.destroy();
    throw corruptContent(request.place, `the registry offers ${length} bytes, expected ${expected.size}`);
  }
  return response;
}

async function reopen({ client, request }: Download, offset: number, first: HttpResponse, useRange: boolean) {
  const etag = headerOf(first, "etag");
  const sameHost = first.url === request.url;
  const ifRange = etag?.startsWith('"') && sameHost ? { "if-range": etag } : {};
  const range = offset > 0 && useRange ? { range: `bytes=${offset}-`, ...ifRange } : {};
  const response = await client.send({ ...request, headers: { ...request.headers, ...range } });
  if (response.status === 200 || response.status === 206 || (response.status === 416 && useRange))
    return response;
  throw statusError(response, request);
}

/** Where an answer begins: a 200 to a Range begins at the beginning (lesson 18). */
function startOf(response: HttpResponse, offset: number, request: HttpRequest): number {
  if (response.status === 200) return 0;
  const start = parseContentRange(headerOf(response, "content-range"));
  if (start !== undefined && start <= offset) return start;
  response.stream?.destroy();
  throw corruptContent(request.place, `the registry answered with another range than bytes ${offset}-`);
}

/** Bytes that are fetched again only to be skipped: once the whole length, so that cuts cannot make it quadratic. */
class Waste {
  readonly #request: HttpRequest;
  #left: number;

  constructor(size: number, request: HttpRequest) {
    this.#left = Math.max(size, 8 * 1024 * 1024);
    this.#request = request;
  }

  add(bytes: number): void {
    this.#left -= bytes;
    if (this.#left >= 0) return;
    throw new SpackOciError(
      "ERR_OCI_NO_RANGE",
      `${this.#request.place}: cut again and again, and cannot be resumed`,
      {
        kind: "unreachable",
        place: this.#request.place,
        hint: "The registry's storage does not serve ranges; try from a steadier network.",
      },
    );
  }
}

function isCut(error: unknown, request: HttpRequest): boolean {
  return error instanceof ConnectionError && error.retryable && request.signal?.aborted !== true;
}

/** The error of an answer that broke off; the signal's reason where that is why. */
export function cut(
  { place, signal }: HttpRequest,
  bytes: number,
  { size }: Pick<Expected, "size">,
  cause: unknown,
): unknown {
  if (signal?.aborted) return signal.reason;
  return new ConnectionError(`${place}: the connection broke after ${bytes} of ${size} bytes`, {
    place,
    cause,
    retryable: true,
    hint: "Try again; the part that came is not lost while the process runs.",
  });
}
