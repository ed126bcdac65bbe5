// Manifests by tag and digest (distribution specification, "Pulling manifests").

import { SpackOciError } from "@spack-oci/errors";
import type { Action } from "../../auth/scope.js";
import type { Descriptor } from "../../content/descriptor.js";
import { algorithmOf, type Digest, digestOf, isDigest } from "../../content/digest.js";
import { manifestMediaType, parseManifest } from "../../content/manifest.js";
import { bareMediaType, isManifestType, MANIFEST_ACCEPT } from "../../content/media-types.js";
import { corruptContent } from "../../content/verify.js";
import { contentDigest } from "../../http/answer-headers.js";
import { type HttpRequest, type HttpResponse, headerOf } from "../../http/http.js";
import { statusError } from "../../http/status-error.js";
import { MAX_FETCHED_MANIFEST_SIZE } from "../../limits.js";
import { ensureTag } from "../../reference/reference.js";
import type { ContentProbe, RequestOptions } from "../../storage/target.js";
import { type Repository, repositoryUrl, requestFor } from "../requests/repository.js";
import { expectStatus, probe, sendHead } from "../requests/send.js";

/** A manifest's descriptor from a HEAD request; from a GET request if the answer to HEAD lacks something. */
export async function resolveManifest(
  repository: Repository,
  reference: string,
  options: RequestOptions,
): Promise<Descriptor> {
  const request = pullRequest(repository, { ...options, method: "HEAD", reference });
  const response = await sendHead(repository, request);
  if (response.status === 404) throw statusError(response, request);
  const described = response.status === 200 ? describedBy(response, reference) : undefined;
  if (described !== undefined) return described;
  if (response.status !== 200 && response.status !== 405) throw statusError(response, request);
  return (await fetchManifestBytes(repository, reference, options)).descriptor;
}

/**
 * A manifest's bytes, verified if a digest is known: the requested one, or the one in the answer.
 *
 * @throws SpackOciError of kind `not-found` if there is none, `corrupt` if it does not match the digest.
 */
export async function fetchManifestBytes(
  repository: Repository,
  reference: string,
  options: RequestOptions,
): Promise<{ descriptor: Descriptor; bytes: Buffer }> {
  const request = pullRequest(repository, { ...options, method: "GET", reference });
  return repository.client.retry.reread(async () => {
    const response = await expectStatus(repository, { ...request, limit: MAX_FETCHED_MANIFEST_SIZE }, 200);
    if (/^text\/html\b/i.test(headerOf(response, "content-type") ?? "")) throw pageInstead(request);
    const bytes = response.body;
    const digest = verifiedDigest(response, reference, request.place);
    const manifest = parseManifest(bytes, request.place);
    const mediaType = manifestMediaType(manifest, headerOf(response, "content-type"));
    return { descriptor: { mediaType, digest, size: bytes.byteLength }, bytes };
  }, options.signal);
}

/** A server that answers with a web page is not a registry, so nothing stored in one is damaged. */
function pageInstead({ url, place }: { readonly url: string; readonly place: string }): SpackOciError {
  const message = `${place}: ${new URL(url).host} answered with an HTML page instead of a manifest.`;
  return new SpackOciError("ERR_OCI_NO_MANIFEST", message, {
    kind: "unreachable",
    place,
    hint: "Check the host and port; a proxy or a network's login page may have answered.",
  });
}

/** Whether a manifest exists, by its digest. */
export async function manifestExists(
  repository: Repository,
  descriptor: Pick<Descriptor, "digest">,
  options: RequestOptions,
): Promise<boolean> {
  return (await probeManifest(repository, descriptor, options)) !== undefined;
}

/** The size of a manifest; undefined if it does not exist. */
export function probeManifest(
  repository: Repository,
  { digest }: Pick<Descriptor, "digest">,
  options: RequestOptions,
): Promise<ContentProbe | undefined> {
  return probe(repository, pullRequest(repository, { ...options, method: "HEAD", reference: digest }));
}

/** What a request for a manifest consists of. */
export interface ManifestRequest extends RequestOptions {
  readonly method: "GET" | "HEAD" | "PUT";
  /** A tag or digest. */
  readonly reference: string;
  readonly actions: readonly Action[];
}

/**
 * The part that all requests for manifests have in common.
 *
 * @throws SpackOciError of kind `usage`, code `ERR_OCI_TAG`, if the reference is neither a digest nor a tag.
 */
export function manifestRequest(repository: Repository, request: ManifestRequest): HttpRequest {
  const { method, actions, signal } = request;
  const reference = isDigest(request.reference) ? request.reference : ensureTag(request.reference);
  return {
    ...requestFor(repository, { reference, actions, signal }),
    method,
    url: repositoryUrl(repository, `manifests/${reference}`),
  };
}

function pullRequest(repository: Repository, request: Omit<ManifestRequest, "actions">): HttpRequest {
  return {
    ...manifestRequest(repository, { ...request, actions: ["pull"] }),
    headers: { accept: MANIFEST_ACCEPT },
  };
}

function describedBy(response: HttpResponse, reference: string): Descriptor | undefined {
  const digest = headerOf(response, "docker-content-digest");
  const mediaType = bareMediaType(headerOf(response, "content-type") ?? "");
  const size = Number(headerOf(response, "content-length") ?? Number.NaN);
  if (!isDigest(digest) || !isManifestType(mediaType)) return undefined;
  if (!Number.isSafeInteger(size) || size === 0) return undefined;
  // Some registries describe a child of the requested index: its bytes show what it is.
  if (isDigest(reference) && reference !== digest) return undefined;
  return { mediaType, digest, size };
}

function verifiedDigest(response: HttpResponse, reference: string, place: string): Digest {
  const bytes = response.body;
  const expected = isDigest(reference) ? reference : (contentDigest(response, place) ?? digestOf(bytes));
  const actual = digestOf(bytes, algorithmOf(expected));
  if (actual !== expected) throw corruptContent(place, `the digest is ${actual}, expected ${expected}`);
  return actual;
}
