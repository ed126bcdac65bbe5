// Removes manifests, tags and blobs, if the registry allows it (distribution specification, "Content Management").

import { randomUUID } from "node:crypto";
import { isSpackOciError, SpackOciError } from "@spack-oci/errors";
import { type Descriptor, descriptorOf } from "../../content/descriptor.js";
import { type Digest, digestOf } from "../../content/digest.js";
import { isManifestType, MEDIA_TYPES } from "../../content/media-types.js";
import { StatusError } from "../../http/status-error.js";
import { ensureTag } from "../../reference/reference.js";
import { bodyOf } from "../../storage/bytes.js";
import type { RequestOptions } from "../../storage/target.js";
import { pushManifest } from "../manifests/push-manifest.js";
import { resolveManifest } from "../manifests/read-manifest.js";
import { type Repository, repositoryUrl, requestFor } from "../requests/repository.js";
import { expectStatus } from "../requests/send.js";
import { uploadBlob } from "../uploads/upload.js";

/** Deletes a manifest with all of its tags. */
type DeleteManifest = (manifest: Descriptor, options: RequestOptions) => Promise<void>;

/** Where to delete, and how. */
export interface Deletion<Options extends RequestOptions = RequestOptions> {
  readonly repository: Repository;
  readonly deleteManifest: DeleteManifest;
  /** The referrers of a manifest by the registry's API; undefined if it has none. */
  readonly listReferrers: (
    subject: Digest,
    options: RequestOptions,
  ) => Promise<readonly Descriptor[] | undefined>;
  readonly options: Options;
}

/**
 * Deletes a manifest or blob by its digest.
 *
 * @throws SpackOciError of kind `unsupported` if the registry does not delete.
 */
export async function deleteContent(
  repository: Repository,
  { digest, mediaType }: Descriptor,
  options: RequestOptions,
): Promise<void> {
  const kind = isManifestType(mediaType) ? "manifests" : "blobs";
  await requestDeletion(repository, { kind, reference: digest }, options);
}

/**
 * Deletes a tag and leaves its manifest. If the registry deletes only manifests, the tag is moved to a manifest of its
 * own, which is then deleted; whether that works is tried on another such manifest first.
 */
export async function deleteTag(
  { repository, deleteManifest, options }: Deletion,
  tag: string,
): Promise<void> {
  try {
    return await requestDeletion(repository, { kind: "manifests", reference: ensureTag(tag) }, options);
  } catch (error) {
    if (!isUnsupported(error)) throw error;
    await resolveManifest(repository, tag, options);
    await deleteManifest(await pushDummy(repository, undefined, options), options);
    await deleteManifest(await pushDummy(repository, tag, options), options);
  }
}

/**
 * Fails as a deletion would, but changes nothing: it asks to delete what never existed, and a registry that does not
 * delete says so first (distribution specification, "Deleting Manifests"). A registry that deletes only tags is fine.
 *
 * @throws SpackOciError of kind `unsupported` if the registry does not delete, `denied` without the right to.
 */
export async function checkDeletion(repository: Repository, options: RequestOptions): Promise<void> {
  try {
    await deleteNothing(repository, digestOf(randomUUID()), options);
  } catch (error) {
    if (!isUnsupported(error)) throw error;
    if (!(await deletesTags(repository, options))) throw cannotDelete(error);
  }
}

async function deletesTags(repository: Repository, options: RequestOptions): Promise<boolean> {
  try {
    await deleteNothing(repository, `never-pushed-${randomUUID()}`, options);
    return true;
  } catch (error) {
    if (isUnsupported(error)) return false;
    throw error;
  }
}

async function deleteNothing(
  repository: Repository,
  reference: string,
  options: RequestOptions,
): Promise<void> {
  try {
    await requestDeletion(repository, { kind: "manifests", reference }, options);
  } catch (error) {
    if (!isSpackOciError(error, "not-found")) throw error;
  }
}

/** Registries that expect a digest answer 400 to a tag. */
function isUnsupported(error: unknown): error is StatusError {
  return error instanceof StatusError && [400, 405, 501].includes(error.status);
}

function cannotDelete(cause: StatusError): SpackOciError {
  const { place, message } = cause;
  return new SpackOciError("ERR_OCI_UNSUPPORTED", `This registry does not support deletion: ${message}`, {
    kind: "unsupported",
    place,
    cause,
    hint: "Allow deletion in the registry's configuration (distribution: REGISTRY_STORAGE_DELETE_ENABLED=true), or use its own interface.",
  });
}

/** What to delete. */
interface DeletionRequest {
  readonly kind: "manifests" | "blobs";
  /** A digest, or the tag of a manifest. */
  readonly reference: string;
}

async function requestDeletion(
  repository: Repository,
  { kind, reference }: DeletionRequest,
  { signal }: RequestOptions,
): Promise<void> {
  const request = {
    ...requestFor(repository, { reference, actions: ["delete"], signal }),
    method: "DELETE" as const,
    url: repositoryUrl(repository, `${kind}/${reference}`),
  };
  await expectStatus(repository, request, 202, 200, 204);
}

/** Pushes a manifest unlike any other, so that deleting it deletes nothing else. */
async function pushDummy(
  repository: Repository,
  tag: string | undefined,
  options: RequestOptions,
): Promise<Descriptor> {
  const empty = Buffer.from("{}");
  const config = descriptorOf(MEDIA_TYPES.ociEmpty, empty);
  await uploadBlob({ repository, descriptor: config, body: bodyOf(empty), options });
  const bytes = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: MEDIA_TYPES.ociManifest,
      config,
      layers: [config],
      annotations: { "org.opencontainers.image.title": `to be deleted ${randomUUID()}` },
    }),
  );
  const descriptor = descriptorOf(MEDIA_TYPES.ociManifest, bytes);
  await pushManifest({ repository, descriptor, body: bodyOf(bytes), options: { ...options, tag } });
  return descriptor;
}
