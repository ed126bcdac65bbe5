// Pushes a manifest, and what it refers to again where the registry has lost some of it.
import { SpackOciError } from "@spack-oci/errors";
import type { Descriptor } from "../content/descriptor.js";
import { childrenOf, parseManifest } from "../content/manifest.js";
import { isManifestType } from "../content/media-types.js";
import { unknownBlobs } from "../http/error-body.js";
import type { HttpRequest } from "../http/http.js";
import { StatusError } from "../http/status-error.js";
import { ensureTag } from "../reference/reference.js";
import { bodyOf, manifestPushLimit } from "../target/bytes.js";
import { tagMoved } from "../target/errors.js";
import { readBody } from "../target/read-body.js";
import type { BodyFactory, PushOptions } from "../target/target.js";
import { blobExists } from "./blobs.js";
import { manifestExists, manifestRequest, resolveManifest } from "./manifests.js";
import { expectStatus, placeOf, type Repository } from "./repository.js";
import { uploadBlob } from "./upload.js";
import { checkStored } from "./upload-session.js";

const mostHealings = 3;

/**
 * Puts a manifest under a tag, or under its digest alone (distribution specification, "Pushing Manifests"). A
 * registry with immutable tags may refuse what is there already: that is a success (lesson 29).
 */
export async function pushManifest(
  repository: Repository,
  descriptor: Descriptor,
  body: BodyFactory,
  options: PushOptions,
): Promise<"uploaded" | "exists"> {
  const reference = options.tag === undefined ? descriptor.digest : ensureTag(options.tag);
  if (options.tag === undefined && (await manifestExists(repository, descriptor, options))) return "exists";
  const bytes = await readManifest(descriptor, body, placeOf(repository, reference));
  const request: HttpRequest = {
    ...manifestRequest(repository, "PUT", reference, ["pull", "push"], options),
    headers: { "content-type": descriptor.mediaType, ...condition(options) },
    body: { open: bodyOf(bytes), size: bytes.byteLength },
    freshToken: true,
  };
  for (let healings = 0; ; healings += 1) {
    try {
      checkStored(await expectStatus(repository, request, 201), descriptor.digest, request.place);
      options.onBytes?.(bytes.byteLength);
      return "uploaded";
    } catch (error) {
      if (await isAlreadyThere(repository, reference, descriptor, error, options)) return "exists";
      if (isPreconditionFailure(error) && options.replacing !== undefined)
        throw tagMoved(`${repository.host}/${repository.repository}`, reference, error);
      if (healings === mostHealings || !lacksChildren(error)) throw error;
      await restoreChildren(repository, bytes, error, options, healings > 0);
      await repository.client.retry.pause(healings + 1, options.signal);
    }
  }
}

function readManifest(descriptor: Descriptor, body: BodyFactory, place: string): Promise<Buffer> {
  if (descriptor.size <= manifestPushLimit) return readBody(descriptor, body, place);
  throw new SpackOciError("ERR_OCI_TOO_LARGE", `${place}: the manifest has ${descriptor.size} bytes`, {
    kind: "unsupported",
    place,
    hint: `Registries take manifests of at most ${manifestPushLimit} bytes: use fewer layers or annotations.`,
  });
}

/**
 * A registry gives a manifest's digest as its entity tag, so that one that keeps to RFC 9110 sections 13.1.1 and 13.1.2
 * answers 412 where a tag is on something else. The distribution specification asks for none of it, and most do not.
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

/**
 * Pushes again what the registry says it does not know. At first only what really is not there: a registry of several
 * machines may simply need a moment to hear of it (lesson 28). `insist` is for when it keeps saying so.
 */
async function restoreChildren(
  repository: Repository,
  bytes: Buffer,
  error: StatusError,
  options: PushOptions,
  insist: boolean,
): Promise<void> {
  const named = unknownBlobs(error.body);
  const children = childrenOf(parseManifest(bytes, error.place ?? repository.repository));
  const { signal } = options;
  for (const child of children) {
    if (named.length > 0 && !named.includes(child.digest)) continue;
    const isManifest = isManifestType(child.mediaType);
    const exists = isManifest ? manifestExists : blobExists;
    if (!insist && (await exists(repository, child, { signal }))) continue;
    const source = options.sources?.(child);
    if (source === undefined) throw error;
    if (isManifest) await pushManifest(repository, child, source, { signal });
    else await uploadBlob(repository, child, source, { signal });
  }
}

async function isAlreadyThere(
  repository: Repository,
  reference: string,
  { digest }: Descriptor,
  error: unknown,
  options: PushOptions,
): Promise<boolean> {
  if (!(error instanceof StatusError) || ![400, 403, 405, 409, 412].includes(error.status)) return false;
  if (error.kind === "rate-limited" || lacksChildren(error)) return false;
  try {
    return (await resolveManifest(repository, reference, options)).digest === digest;
  } catch {
    return false; // the refusal itself is what the caller must hear of
  }
}
