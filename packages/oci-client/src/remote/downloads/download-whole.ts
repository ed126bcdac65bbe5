// A download of small content into memory, without a stream.

import { isSpackOciError } from "@spack-oci/errors";
import { DigestVerifier } from "../../content/verify.js";
import type { HttpResponse } from "../../http/http.js";
import { statusError } from "../../http/status-error.js";
import { collect } from "../../storage/collect.js";
import type { TransferOptions } from "../../storage/target.js";
import type { RegistryClient } from "../../transport/client.js";
import { download, requireOffered, type Source } from "./download.js";

/**
 * Fetches content that is so short that it may as well start over if the connection breaks.
 *
 * @throws SpackOciError as {@link download} and its stream do.
 */
export async function downloadWhole(
  client: RegistryClient,
  source: Source,
  options: TransferOptions,
): Promise<Buffer> {
  const { request, expected } = source;
  const response = await answer(client, source, options);
  // An answer that is cut has no error if it has no length either: a stream continues it, and explains what is wrong.
  const restart = async () => collect(await download(client, source, options), expected.size);
  if (response === undefined) return restart();
  if (response.status !== 200) throw statusError(response, request);
  requireOffered(response, request, expected);
  const { body } = response;
  if (body.byteLength !== expected.size) return restart();
  const verifier = new DigestVerifier(expected, request.place);
  verifier.update(body);
  verifier.finish();
  options.onBytes?.(body.byteLength);
  return body;
}

/** @returns undefined if there is more than expected */
async function answer(
  client: RegistryClient,
  { request, expected }: Source,
  { signal }: TransferOptions,
): Promise<HttpResponse | undefined> {
  try {
    return await client.send({ ...request, signal, content: "whole", limit: expected.size });
  } catch (error) {
    if (isSpackOciError(error) && error.code === "ERR_OCI_RESPONSE_TOO_LARGE") return undefined;
    throw error;
  }
}
