// Manifests by tag and digest (distribution specification, "Pulling manifests").
import { SpackOciError } from "@spack-oci/errors";
import type { Action } from "../auth/scope.js";
import type { Descriptor } from "../content/descriptor.js";
import { algorithmOf, type Digest, digestOf, isDigest } from "../content/digest.js";
import { manifestMediaType, parseManifest } from "../content/manifest.js";
import { bareMediaType, isManifestType, manifestAccept } from "../content/media-types.js";
import { corruptContent } from "../content/verify.js";
import { type HttpRequest, type HttpResponse, headerOf } from "../http/http.js";
import { statusError } from "../http/status-error.js";
import { ensureTag } from "../reference/reference.js";
import { manifestFetchLimit } from "../target/bytes.js";
import type { ContentProbe, RequestOptions } from "../target/target.js";
import { about, askByHead, expectStatus, probeByHead, type Repository, repositoryUrl } from "./repository.js";

/** A manifest's descriptor by a HEAD request; by GET where the answer does not say enough (lesson 15). */
export async function resolveManifest(
  repository: Repository,
  reference: string,
  options: RequestOptions,
): Promise<Descriptor> {
  const request = manifestRequest(repository, "HEAD", reference, ["pull"], options);
  const response = await askByHead(repository, request);
  if (response.status === 404) throw statusError(response, request);
  const described = response.status === 200 ? describedBy(response, reference) : undefined;
  if (described !== undefined) return described;
  if (response.status !== 200 && response.status !== 405) throw statusError(response, request);
  return (await fetchManifestBytes(repository, reference, options)).descriptor;
}

/** A manifest's bytes, verified where a digest is known: the one asked for, or the one in the answer. */
export async function fetchManifestBytes(
  repository: Repository,
  reference: string,
  options: RequestOptions,
): Promise<{ descriptor: Descriptor; bytes: Buffer }> {
  const request = manifestRequest(repository, "GET", reference, ["pull"], options);
  return repository.client.retry.reread(async () => {
    const response = await expectStatus(repository, { ...request, limit: manifestFetchLimit }, 200);
    if (/^text\/html\b/i.test(headerOf(response, "content-type") ?? "")) throw pageInstead(request);
    const bytes = response.body;
    const digest = trustedDigest(response, reference, bytes, request.place);
    const manifest = parseManifest(bytes, request.place);
    const mediaType = manifestMediaType(manifest, headerOf(response, "content-type"));
    return { descriptor: { mediaType, digest, size: bytes.byteLength }, bytes };
  }, options.signal);
}

/** Whoever answers with a page is no registry, so that nothing that is stored there is damaged. */
function pageInstead({ url, place }: { readonly url: string; readonly place: string }): SpackOciError {
  const message = `${place}: ${new URL(url).host} answered with a page of HTML rather than a manifest`;
  return new SpackOciError("ERR_OCI_NO_MANIFEST", message, {
    kind: "unreachable",
    place,
    hint: "Check host and port; a proxy, or a page to log in to the network, may have answered.",
  });
}

/** Whether a manifest is there, by its digest. */
export async function manifestExists(
  repository: Repository,
  descriptor: Pick<Descriptor, "digest">,
  options: RequestOptions,
): Promise<boolean> {
  return (await probeManifest(repository, descriptor, options)) !== undefined;
}

/** How long a manifest is; undefined where it is not there. */
export function probeManifest(
  repository: Repository,
  { digest }: Pick<Descriptor, "digest">,
  options: RequestOptions,
): Promise<ContentProbe | undefined> {
  return probeByHead(repository, manifestRequest(repository, "HEAD", digest, ["pull"], options));
}

/** The part that every request for a manifest has in common; a malformed tag is the caller's mistake. */
export function manifestRequest(
  repository: Repository,
  method: "GET" | "HEAD" | "PUT",
  reference: string,
  actions: readonly Action[],
  { signal }: RequestOptions,
): HttpRequest {
  const name = isDigest(reference) ? reference : ensureTag(reference);
  return {
    ...about(repository, name, actions, signal),
    method,
    url: repositoryUrl(repository, `manifests/${name}`),
    ...(method === "PUT" ? {} : { headers: { accept: manifestAccept } }),
  };
}

function describedBy(response: HttpResponse, reference: string): Descriptor | undefined {
  const digest = headerOf(response, "docker-content-digest");
  const mediaType = bareMediaType(headerOf(response, "content-type") ?? "");
  const size = Number(headerOf(response, "content-length") ?? Number.NaN);
  if (!isDigest(digest) || !isManifestType(mediaType) || !Number.isSafeInteger(size) || size === 0)
    return undefined;
  // A registry may have answered for a child of the list that was asked for: look at the bytes.
  if (isDigest(reference) && reference !== digest) return undefined;
  return { mediaType, digest, size };
}

function trustedDigest(response: HttpResponse, reference: string, bytes: Buffer, place: string): Digest {
  const header = headerOf(response, "docker-content-digest");
  const expected = isDigest(reference) ? reference : isDigest(header) ? header : digestOf(bytes);
  const actual = digestOf(bytes, algorithmOf(expected));
  if (actual !== expected) throw corruptContent(place, `digest is ${actual}, expected ${expected}`);
  return actual;
}
