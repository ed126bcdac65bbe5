// Reads what lies at a URL, with the patience, certificates and credentials of a client that speaks to registries.
import type { Readable } from "node:stream";
import type { Expected } from "../content/verify.js";
import type { HttpRequest } from "../http/http.js";
import { statusError } from "../http/status-error.js";
import type { RequestOptions, TransferOptions } from "../target/target.js";
import type { RegistryClient } from "../transport/client.js";
import { download } from "./download.js";

/**
 * Reads a short document whole.
 *
 * @throws SpackOciError of kind `not-found` when the server says that there is none, and what requests fail with
 */
export async function readUrl(
  client: RegistryClient,
  url: string,
  options: RequestOptions & { readonly limit: number },
): Promise<Buffer> {
  const request = { ...about(url), limit: options.limit, signal: options.signal };
  const response = await client.send(request);
  if (response.status === 200) return response.body;
  throw statusError(response, request);
}

/** Opens content of known size and digest; cut connections are taken up again where they broke. */
export function openUrl(
  client: RegistryClient,
  url: string,
  expected: Expected,
  options: TransferOptions = {},
): Promise<Readable> {
  return download(client, { ...about(url), content: true }, expected, options);
}

function about(url: string): HttpRequest {
  return { method: "GET", url, repository: "", scopes: [], place: url };
}
