// Pushes a manifest, and repeats the pushes of its children that the registry has lost.

import { SpackOciError } from "@spack-oci/errors";
import { childrenOf, parseManifest } from "../../content/manifest.js";
import { isManifestType } from "../../content/media-types.js";
import { unknownBlobs } from "../../http/error-body.js";
import type { HttpRequest } from "../../http/http.js";
import { StatusError } from "../../http/status-error.js";
import { MAX_PUSHED_MANIFEST_SIZE } from "../../limits.js";
import { ensureTag } from "../../reference/reference.js";
import { bodyOf } from "../../storage/bytes.js";
import { tagMoved } from "../../storage/errors.js";
import { readBody } from "../../storage/read-body.js";
import type { PushOptions } from "../../storage/target.js";
import { blobExists } from "../downloads/blobs.js";
import { describePlace, type Push } from "../requests/repository.js";
import { expectStatus } from "../requests/send.js";
import { checkStored } from "../uploads/confirm-blob.js";
import { uploadBlob } from "../uploads/upload.js";
import { manifestExists, manifestRequest, resolveManifest } from "./read-manifest.js";

const MAX_REPAIR_ATTEMPTS = 3;

/** The statuses by which registries reject a push to an immutable tag. */
const REJECTION_STATUSES: readonly number[] = [400, 403, 405, 409, 412];

/**
 * Pushes a manifest under a tag, or under its digest alone (distribution specification, "Pushing Manifests"). A
 * registry with immutable tags may reject a manifest that it already has under the tag: that is a success.
 *
 * @throws SpackOciError of kind `conflict`, code `ERR_OCI_TAG_MOVED`, if the tag is not where `replacing` requires.
 */
export async function pushManifest(push: Push): Promise<"uploaded" | "exists"> {
  const { repository, descriptor, options } = push;
  const reference = options.tag === undefined ? descriptor.digest : ensureTag(options.tag);
  if (options.tag === undefined && (await manifestExists(repository, descriptor, options))) return "exists";
  const bytes = await readManifest(push, describePlace(repository, reference));
  const { signal } = options;
  const request: HttpRequest = {
    ...manifestRequest(repository, { method: "PUT", reference, actions: ["pull", "push"], signal }),
    headers: { "content-type": descriptor.mediaType, ...condition(options) },
    body: { open: bodyOf(bytes), size: bytes.byteLength },
    freshToken: true,
  };
  for (let repairs = 0; ; repairs += 1) {
    try {
      checkStored(await expectStatus(repository, request, 201), descriptor.digest, request.place);
      options.onBytes?.(bytes.byteLength);
      return "uploaded";
    } catch (error) {
      if (await isAlreadyPushed(push, reference, error)) return "exists";
      if (isPreconditionFailure(error) && options.replacing !== undefined) {
        throw tagMoved(describePlace(repository), reference, error);
      }
      if (repairs === MAX_REPAIR_ATTEMPTS || !lacksChildren(error)) throw error;
      await restoreChildren(push, bytes, { error, force: repairs > 0 });
      await repository.client.retry.pause(repairs + 1, signal);
    }
  }
}

function readManifest({ descriptor, body }: Push, place: string): Promise<Buffer> {
  if (descriptor.size <= MAX_PUSHED_MANIFEST_SIZE) return readBody(descriptor, body, { place });
  throw new SpackOciError("ERR_OCI_TOO_LARGE", `${place}: the manifest has ${descriptor.size} bytes.`, {
    kind: "unsupported",
    place,
    hint: `Use fewer layers or annotations; registries accept manifests of at most ${MAX_PUSHED_MANIFEST_SIZE} bytes.`,
  });
}

/**
 * Registries that follow RFC 9110 sections 13.1.1 and 13.1.2 use the digest as the manifest's entity tag, and answer
 * 412 if the tag points elsewhere. The distribution specification does not require it, and most registries ignore it.
 */
function condition({ tag, replacing }: PushOptions): Record<string, string> {
  if (tag === undefined || replacing === undefined) return {};
  return replacing === "nothing" ? { "if-none-match": "*" } : { "if-match": `"${replacing}"` };
}

function isPreconditionFailure(error: unknown): boolean {
  return error instanceof StatusError && error.status === 412;
}

function lacksChildren(error: unknown): error is StatusError {
  return (
    error instanceof StatusError &&
    error.registryCodes.some((code) => /^(MANIFEST_)?BLOB_UNKNOWN$/.test(code))
  );
}

/** Why to restore children. */
interface Repair {
  /** The registry's complaint, which may name the children. */
  readonly error: StatusError;
  /** Whether to push children even if the registry now claims to have them. */
  readonly force: boolean;
}

/**
 * Pushes the children that the registry does not know; at first only those that are really missing, because the nodes
 * of a distributed registry may need a moment to learn about a new blob.
 */
async function restoreChildren(push: Push, bytes: Buffer, { error, force }: Repair): Promise<void> {
  const { repository, options } = push;
  const named = unknownBlobs(error.body);
  const children = childrenOf(parseManifest(bytes, error.place ?? repository.repository));
  const { signal } = options;
  for (const child of children) {
    if (named.length > 0 && !named.includes(child.digest)) continue;
    const isManifest = isManifestType(child.mediaType);
    const exists = isManifest ? manifestExists : blobExists;
    if (!force && (await exists(repository, child, { signal }))) continue;
    const body = options.sources?.(child);
    if (body === undefined) throw error;
    const pushChild = isManifest ? pushManifest : uploadBlob;
    await pushChild({ repository, descriptor: child, body, options: { signal } });
  }
}

async function isAlreadyPushed(push: Push, reference: string, error: unknown): Promise<boolean> {
  if (!(error instanceof StatusError) || !REJECTION_STATUSES.includes(error.status)) return false;
  if (error.kind === "rate-limited" || lacksChildren(error)) return false;
  try {
    const { digest } = await resolveManifest(push.repository, reference, push.options);
    return digest === push.descriptor.digest;
  } catch {
    return false; // the caller throws the rejection itself
  }
}
