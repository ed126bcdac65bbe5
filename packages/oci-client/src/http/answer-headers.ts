// Headers of answers whose value must be understood: one that is unreadable is an error and is never taken for absent.

import { SpackOciError } from "@spack-oci/errors";
import { type Digest, isDigest } from "../content/digest.js";
import { MAX_MIN_CHUNK } from "../limits.js";
import { type HttpResponse, headerOf } from "./http.js";

/** The grammar of digests of any algorithm (image specification, "Digests"). */
const ANY_DIGEST = /^[a-z0-9]+(?:[+._-][a-z0-9]+)*:[a-zA-Z0-9=_-]+$/;

/**
 * The digest in Docker-Content-Digest; undefined if there is none, or one of an algorithm that is not registered.
 *
 * @throws SpackOciError of kind `unreachable`, code `ERR_OCI_HEADER`, if the header is not a digest.
 */
export function contentDigest(response: Pick<HttpResponse, "headers">, place: string): Digest | undefined {
  const name = "docker-content-digest";
  const text = singleValue(headerOf(response, name));
  if (text === undefined || isDigest(text)) return text;
  if (ANY_DIGEST.test(text) && !/^sha(?:256|512):/.test(text)) return undefined;
  throw badHeader(place, name, text);
}

/**
 * The number of bytes in Content-Length; undefined if there is none.
 *
 * @throws SpackOciError of kind `unreachable`, code `ERR_OCI_HEADER`, if the header is not a number.
 */
export function contentLength(response: Pick<HttpResponse, "headers">, place: string): number | undefined {
  const name = "content-length";
  const text = singleValue(headerOf(response, name));
  return text === undefined ? undefined : wholeNumber(text, { name, place });
}

/**
 * The number of bytes in OCI-Chunk-Min-Length; 0 without the header (distribution specification, "Pushing a blob in
 * chunks").
 *
 * @throws SpackOciError of kind `unreachable`, code `ERR_OCI_HEADER`, if the header is not a number, or too large.
 */
export function minChunkLength(header: string | undefined, place: string): number {
  const name = "oci-chunk-min-length";
  const text = singleValue(header);
  const length = text === undefined ? 0 : wholeNumber(text, { name, place });
  if (length > MAX_MIN_CHUNK) throw badHeader(place, name, String(length));
  return length;
}

function wholeNumber(
  text: string,
  { name, place }: { readonly name: string; readonly place: string },
): number {
  if (/^\d+$/.test(text) && Number.isSafeInteger(Number(text))) return Number(text);
  throw badHeader(place, name, text);
}

/** An empty value counts as absent, and proxies may repeat the same one. */
function singleValue(header: string | undefined): string | undefined {
  const values = new Set((header ?? "").split(",").map((value) => value.trim()));
  values.delete("");
  return values.size === 0 ? undefined : [...values].join(", ");
}

function badHeader(place: string, name: string, text: string): SpackOciError {
  const message = `${place}: the registry sent an unusable ${name} header: ${JSON.stringify(text.slice(0, 100))}.`;
  return new SpackOciError("ERR_OCI_HEADER", message, {
    kind: "unreachable",
    place,
    hint: "Check that the host is an OCI registry, and the proxies in front of it.",
  });
}
