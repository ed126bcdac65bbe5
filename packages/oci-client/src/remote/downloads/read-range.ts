// Reads a part of a blob, from registries that serve parts (RFC 9110, section 14).

import { SpackOciError } from "@spack-oci/errors";
import type { Descriptor } from "../../content/descriptor.js";
import { ConnectionError } from "../../http/connection-error.js";
import { parseContentRange } from "../../http/content-range.js";
import { type HttpRequest, type HttpResponse, headerOf } from "../../http/http.js";
import { statusError } from "../../http/status-error.js";
import type { ByteRange, RequestOptions } from "../../storage/target.js";
import { type Repository, repositoryUrl, requestFor } from "../requests/repository.js";
import { cutError } from "./download.js";

/** The answers of registries that do not serve ranges, or not this one; the whole blob can still be read. */
const NO_RANGE_STATUSES: readonly number[] = [200, 400, 416, 501];

/** What to read. */
export interface BlobRange extends ByteRange {
  readonly digest: Descriptor["digest"];
}

/**
 * The bytes of a range. If the connection is cut, the whole range is requested again. A redirect keeps the range.
 *
 * @returns undefined if the answer is not exactly that range: the registry or its storage does not serve ranges.
 */
export async function fetchBlobRange(
  repository: Repository,
  { digest, start, length }: BlobRange,
  { signal }: RequestOptions,
): Promise<Buffer | undefined> {
  const request: HttpRequest = {
    ...requestFor(repository, { reference: digest, actions: ["pull"], signal }),
    method: "GET",
    url: repositoryUrl(repository, `blobs/${digest}`),
    headers: { range: `bytes=${start}-${start + length - 1}` },
    content: "streamed",
  };
  const { retry, send } = repository.client;
  for (let failures = 1; ; failures += 1) {
    try {
      return await take(await send(request), request, { start, length });
    } catch (error) {
      const isCut = error instanceof ConnectionError && error.retryable;
      if (!isCut || signal?.aborted === true || failures >= retry.policy.attempts) throw error;
      await retry.pause(failures, signal);
    }
  }
}

async function take(
  response: HttpResponse,
  request: HttpRequest,
  { start, length }: ByteRange,
): Promise<Buffer | undefined> {
  const { status, stream } = response;
  if (status !== 206 && !NO_RANGE_STATUSES.includes(status)) {
    stream?.destroy();
    throw statusError(response, request);
  }
  const first = parseContentRange(headerOf(response, "content-range"));
  if (status !== 206 || first !== start) {
    stream?.destroy();
    return undefined;
  }
  const chunks: Buffer[] = [];
  let taken = 0;
  try {
    for await (const chunk of (stream ?? []) as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      taken += chunk.byteLength;
      if (taken > length) return undefined;
    }
  } catch (cause) {
    throw cause instanceof SpackOciError ? cause : cutError(request, { bytes: taken, size: length, cause });
  }
  return taken === length ? Buffer.concat(chunks) : undefined;
}
