// Reads content at a URL with the retries, certificates and credentials of a registry client.

import type { Readable } from "node:stream";
import type { Expected } from "../../content/verify.js";
import type { HttpRequest } from "../../http/http.js";
import { statusError } from "../../http/status-error.js";
import type { RequestOptions, TransferOptions } from "../../storage/target.js";
import type { RegistryClient } from "../../transport/client.js";
import { download } from "./download.js";

/**
 * Reads a short document into memory.
 *
 * @throws SpackOciError of kind `not-found` if the server answers 404, and as requests fail.
 */
export async function readUrl(
  client: RegistryClient,
  url: string,
  options: RequestOptions & { readonly limit: number },
): Promise<Buffer> {
  const request = { ...requestForUrl(url), limit: options.limit, signal: options.signal };
  const response = await client.send(request);
  if (response.status === 200) return response.body;
  throw statusError(response, request);
}

/** Opens content of known size and digest; a download that is cut continues where it broke off. */
export function openUrl(
  client: RegistryClient,
  { url, ...expected }: Expected & { readonly url: string },
  options: TransferOptions = {},
): Promise<Readable> {
  return download(client, { request: { ...requestForUrl(url), content: "streamed" }, expected }, options);
}

function requestForUrl(url: string): HttpRequest {
  return { method: "GET", url, repository: "", scopes: [], place: url };
}
