// Removes manifests, tags and blobs where the registry lets one (distribution specification, "Content Management").
import { randomUUID } from "node:crypto";
import { isSpackOciError, SpackOciError } from "@spack-oci/errors";
import { type Descriptor, descriptorOf } from "../content/descriptor.js";
import { digestOf } from "../content/digest.js";
import { isManifestType, mediaTypes } from "../content/media-types.js";
import { StatusError } from "../http/status-error.js";
import { ensureTag } from "../reference/reference.js";
import { bodyOf } from "../target/bytes.js";
import type { RequestOptions } from "../target/target.js";
import { resolveManifest } from "./manifests.js";
import { pushManifest } from "./push-manifest.js";
import { about, expectStatus, type Repository, repositoryUrl } from "./repository.js";
import { uploadBlob } from "./upload.js";

/** Deletes a manifest or blob by its digest. Kind `unsupported` where the registry does not delete (lesson 31). */
export async function deleteContent(
  repository: Repository,
  { digest, mediaType }: Descriptor,
  options: RequestOptions,
): Promise<void> {
  await requestDeletion(repository, isManifestType(mediaType) ? "manifests" : "blobs", digest, options);
}

/** Deletes a manifest with all of its tags. */
export type DeleteManifest = (manifest: Descriptor, options: RequestOptions) => Promise<void>;

/**
 * Deletes a tag and leaves its manifest. Where the registry deletes only manifests, the tag is moved to a manifest of
 * its own, which is then deleted; that this is possible is tried on another such manifest first.
 */
export async function deleteTag(
  repository: Repository,
  tag: string,
  deleteManifest: DeleteManifest,
  options: RequestOptions,
): Promise<void> {
  try {
    return await requestDeletion(repository, "manifests", ensureTag(tag), options);
  } catch (error) {
    if (!isUnsupported(error)) throw error;
    await resolveManifest(repository, tag, options);
    await deleteManifest(await pushDummy(repository, undefined, options), options);
    await deleteManifest(await pushDummy(repository, tag, options), options);
  }
}

/**
 * Fails as deleting would. What is asked to be deleted was never there, so that nothing changes: a registry that does not
 * delete says so first (distribution specification, "Deleting Manifests"). One that deletes tags only will do.
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

async function deleteNothing(repository: Repository, name: string, options: RequestOptions): Promise<void> {
  try {
    await requestDeletion(repository, "manifests", name, options);
  } catch (error) {
    if (!isSpackOciError(error, "not-found")) throw error;
  }
}

/** 400 is what registries answer that take a tag in this place for a malformed digest. */
function isUnsupported(error: unknown): error is StatusError {
  return error instanceof StatusError && [400, 405, 501].includes(error.status);
}

function cannotDelete(cause: StatusError): SpackOciError {
  const { place, message } = cause;
  return new SpackOciError("ERR_OCI_UNSUPPORTED", `This registry does not delete: ${message}`, {
    kind: "unsupported",
    place,
    cause,
    hint: "Allow deletion in the registry's configuration (REGISTRY_STORAGE_DELETE_ENABLED=true for distribution's), or use its own interface.",
  });
}

async function requestDeletion(
  repository: Repository,
  kind: "manifests" | "blobs",
  name: string,
  { signal }: RequestOptions,
): Promise<void> {
  await expectStatus(
    repository,
    {
      ...about(repository, name, ["delete"], signal),
      method: "DELETE",
      url: repositoryUrl(repository, `${kind}/${name}`),
    },
    202,
    200,
    204,
  );
}

/** Pushes a manifest that is like no other, so that deleting it takes nothing else along. */
async function pushDummy(
  repository: Repository,
  tag: string | undefined,
  options: RequestOptions,
): Promise<Descriptor> {
  const empty = Buffer.from("{}");
  const config = descriptorOf(mediaTypes.ociEmpty, empty);
  await uploadBlob(repository, config, bodyOf(empty), options);
  const bytes = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.ociManifest,
      config,
      layers: [config],
      annotations: { "org.opencontainers.image.title": `to be deleted ${randomUUID()}` },
    }),
  );
  const descriptor = descriptorOf(mediaTypes.ociManifest, bytes);
  await pushManifest(repository, descriptor, bodyOf(bytes), { ...options, tag });
  return descriptor;
}
