// Reads a part of a blob, from registries that serve parts (RFC 9110, section 14).
import { SpackOciError } from "@spack-oci/errors";
import type { Descriptor } from "../content/descriptor.js";
import { ConnectionError } from "../http/connection-error.js";
import { type HttpRequest, type HttpResponse, headerOf } from "../http/http.js";
import { statusError } from "../http/status-error.js";
import type { ByteRange, RequestOptions } from "../target/target.js";
import { parseContentRange } from "./content-range.js";
import { cut } from "./download.js";
import { about, type Repository, repositoryUrl } from "./repository.js";

/**
 * The bytes of a range; asked for again as a whole when the connection is cut. A redirect keeps the range.
 *
 * @returns undefined where the answer is anything but that range: then the registry, or its storage, does not serve ranges
 */
export async function readBlobRange(
  repository: Repository,
  { digest }: Descriptor,
  { start, length }: ByteRange,
  { signal }: RequestOptions,
): Promise<Buffer | undefined> {
  const request: HttpRequest = {
    ...about(repository, digest, ["pull"], signal),
    method: "GET",
    url: repositoryUrl(repository, `blobs/${digest}`),
    headers: { range: `bytes=${start}-${start + length - 1}` },
    content: true,
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
  if (status !== 200 && status !== 206 && status !== 416) {
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
  } catch (error) {
    throw error instanceof SpackOciError ? error : cut(request, taken, { size: length }, error);
  }
  return taken === length ? Buffer.concat(chunks) : undefined;
}
