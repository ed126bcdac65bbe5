// Manifests by tag and digest (distribution specification, "Pulling manifests" and "Pushing Manifests").
import { SpackOciError } from "@spack-oci/errors";
import type { Action } from "../auth/scope.js";
import type { Descriptor } from "../content/descriptor.js";
import { algorithmOf, type Digest, digestOf, isDigest } from "../content/digest.js";
import { manifestMediaType, parseManifest } from "../content/manifest.js";
import { bareMediaType, isManifestType, manifestAccept } from "../content/media-types.js";
import { corruptContent } from "../content/verify.js";
import { type HttpRequest, type HttpResponse, headerOf } from "../http/http.js";
import { StatusError, statusError } from "../http/status-error.js";
import { ensureTag } from "../reference/reference.js";
import { bodyOf, manifestFetchLimit, manifestPushLimit } from "../target/bytes.js";
import { readBody } from "../target/read-body.js";
import type { BodyFactory, RequestOptions } from "../target/target.js";
import { about, expectStatus, placeOf, type Repository, repositoryUrl } from "./repository.js";

/** A manifest's descriptor by a HEAD request; by GET where the answer does not say enough (lesson 15). */
export async function resolveManifest(
  repository: Repository,
  reference: string,
  options: RequestOptions,
): Promise<Descriptor> {
  const request = manifestRequest(repository, "HEAD", reference, ["pull"], options);
  const response = await repository.client.send(request);
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
  const response = await expectStatus(repository, { ...request, limit: manifestFetchLimit }, 200);
  const bytes = response.body;
  const digest = trustedDigest(response, reference, bytes, request.place);
  const manifest = parseManifest(bytes, request.place);
  const mediaType = manifestMediaType(manifest, headerOf(response, "content-type"));
  return { descriptor: { mediaType, digest, size: bytes.byteLength }, bytes };
}

/** Whether a manifest is there, by its digest. */
export async function manifestExists(
  repository: Repository,
  { digest }: Descriptor,
  options: RequestOptions,
): Promise<boolean> {
  const request = manifestRequest(repository, "HEAD", digest, ["pull"], options);
  const response = await repository.client.send(request);
  if (response.status === 200) return true;
  if (response.status === 404) return false;
  throw statusError(response, request);
}

/**
 * Puts a manifest under a tag, or under its digest alone. A registry with immutable tags may refuse what is there
 * already: that is a success (lesson 29).
 */
export async function putManifest(
  repository: Repository,
  descriptor: Descriptor,
  body: BodyFactory,
  options: RequestOptions & { readonly tag?: string | undefined },
): Promise<"uploaded" | "exists"> {
  const reference = options.tag === undefined ? descriptor.digest : ensureTag(options.tag);
  if (options.tag === undefined && (await manifestExists(repository, descriptor, options))) return "exists";
  const bytes = await readManifestBody(descriptor, body, placeOf(repository, reference));
  const request: HttpRequest = {
    ...manifestRequest(repository, "PUT", reference, ["pull", "push"], options),
    headers: { "content-type": descriptor.mediaType },
    body: { open: bodyOf(bytes), size: bytes.byteLength },
    freshToken: true,
  };
  try {
    checkStored(await expectStatus(repository, request, 201), descriptor.digest, request.place);
    return "uploaded";
  } catch (error) {
    if (await isAlreadyThere(repository, reference, descriptor, error, options)) return "exists";
    throw error;
  }
}

function manifestRequest(
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

function readManifestBody(descriptor: Descriptor, body: BodyFactory, place: string): Promise<Buffer> {
  if (descriptor.size > manifestPushLimit) {
    throw new SpackOciError("ERR_OCI_TOO_LARGE", `${place}: the manifest has ${descriptor.size} bytes`, {
      kind: "unsupported",
      place,
      hint: `Registries take manifests of at most ${manifestPushLimit} bytes: use fewer layers or annotations.`,
    });
  }
  return readBody(descriptor, body, place);
}

function checkStored(response: HttpResponse, digest: Digest, place: string): void {
  const stored = headerOf(response, "docker-content-digest");
  if (isDigest(stored) && algorithmOf(stored) === algorithmOf(digest) && stored !== digest) {
    throw corruptContent(place, `the registry stored ${stored}, expected ${digest}`);
  }
}

async function isAlreadyThere(
  repository: Repository,
  reference: string,
  { digest }: Descriptor,
  error: unknown,
  options: RequestOptions,
): Promise<boolean> {
  if (!(error instanceof StatusError) || ![400, 403, 405, 409, 412].includes(error.status)) return false;
  if (error.kind === "rate-limited") return false;
  try {
    return (await resolveManifest(repository, reference, options)).digest === digest;
  } catch {
    return false; // the refusal itself is what the caller must hear of
  }
}
