// Pushes a blob: look, mount, or open a session and send it whole (distribution specification, "Pushing blobs").
import { isSpackOciError } from "@spack-oci/errors";
import type { Descriptor } from "../content/descriptor.js";
import { ConnectionError } from "../http/connection-error.js";
import type { HttpRequest } from "../http/http.js";
import { StatusError } from "../http/status-error.js";
import type { BodyFactory, PushOptions, PushOutcome } from "../target/target.js";
import { isPassing } from "../transport/retry.js";
import { blobExists } from "./blobs.js";
import { putInChunks } from "./chunked-upload.js";
import { mountBlob } from "./mount.js";
import { expectStatus, type Repository } from "./repository.js";
import {
  appendDigest,
  checkStored,
  openSession,
  sessionRequest,
  type UploadSession,
} from "./upload-session.js";

/** Pushes a blob, unless the repository has it or can take it from another repository of its host. */
export async function pushBlob(
  repository: Repository,
  descriptor: Descriptor,
  body: BodyFactory,
  options: PushOptions,
): Promise<PushOutcome> {
  if (await isKnown(repository, descriptor, options)) return "exists";
  let session: UploadSession | undefined;
  for (const source of options.mountFrom ?? []) {
    const mounted = await mountBlob(repository, descriptor, source, options);
    if (mounted === true) return "mounted";
    session = mounted || session;
  }
  await uploadBlob(repository, descriptor, body, options, session);
  return "uploaded";
}

/**
 * Sends a blob; each new attempt opens a new session, because a broken one is not to be trusted (lesson 7). A host
 * that refuses it whole is tried in chunks, and the other way round (lesson 25).
 */
export async function uploadBlob(
  repository: Repository,
  descriptor: Descriptor,
  body: BodyFactory,
  options: PushOptions,
  openedSession?: UploadSession,
): Promise<void> {
  const { retry } = repository.client;
  let session = openedSession;
  let put = putWhole;
  for (let failures = 1; ; failures += 1) {
    session ??= await openSession(repository, descriptor, options);
    try {
      return await put(repository, session, descriptor, body, options);
    } catch (error) {
      if (failures >= retry.policy.attempts || !mayWorkInNewSession(error, failures)) throw error;
      if (refusesThisWay(error)) put = put === putWhole ? putInChunks : putWhole;
      await retry.pause(failures, options.signal);
      // The registry may have taken everything, and only its answer was lost.
      if (await isKnown(repository, descriptor, options)) {
        options.onBytes?.(descriptor.size);
        return;
      }
    }
    session = undefined;
  }
}

/** Whether the blob is there. Some registries refuse to say so for a repository that is not: the push decides (lesson 19). */
async function isKnown(
  repository: Repository,
  descriptor: Descriptor,
  options: PushOptions,
): Promise<boolean> {
  try {
    return await blobExists(repository, descriptor, options);
  } catch (error) {
    if (error instanceof StatusError && error.kind === "denied") return false;
    throw error;
  }
}

async function putWhole(
  repository: Repository,
  session: UploadSession,
  descriptor: Descriptor,
  open: BodyFactory,
  options: PushOptions,
): Promise<void> {
  const request: HttpRequest = {
    ...sessionRequest(repository, session, descriptor, options),
    method: "PUT",
    url: appendDigest(session.url, descriptor.digest),
    // No Content-Range: some would take it for a chunk (lesson 26).
    headers: { "content-type": "application/octet-stream" },
    body: { open, size: descriptor.size, onBytes: options.onBytes },
  };
  checkStored(await expectStatus(repository, request, 201, 204), descriptor.digest, request.place);
}

function mayWorkInNewSession(error: unknown, failures: number): boolean {
  if (error instanceof ConnectionError) return error.retryable;
  if (refusesThisWay(error)) return true;
  if (!(error instanceof StatusError)) return false;
  // Bytes that arrive wrong once were spoilt on the way; twice, they were wrong before.
  if (error.kind === "corrupt") return failures === 1;
  return isPassing(error) || error.status === 416;
}

/** Whether the registry may take the blob in another way: whole instead of in chunks, or in chunks. */
function refusesThisWay(error: unknown): boolean {
  if (isSpackOciError(error) && error.code === "ERR_OCI_CHUNK_LOST") return true;
  return error instanceof StatusError && [404, 405, 411, 413, 501].includes(error.status);
}
