// Pushes a blob: look, mount, or open a session and send it whole (distribution specification, "Pushing blobs").
import type { Descriptor } from "../content/descriptor.js";
import { corruptContent } from "../content/verify.js";
import { ConnectionError } from "../http/connection-error.js";
import { headerOf, originOf } from "../http/http.js";
import { StatusError } from "../http/status-error.js";
import type { BodyFactory, PushOptions, PushOutcome } from "../target/target.js";
import { isPassing } from "../transport/retry.js";
import { blobExists } from "./blobs.js";
import { mountBlob } from "./mount.js";
import { about, baseUrl, expectStatus, type Repository } from "./repository.js";
import { appendDigest, openSession, type UploadSession } from "./upload-session.js";

/** Pushes a blob, unless the repository has it or can take it from another repository of its host. */
export async function pushBlob(
  repository: Repository,
  descriptor: Descriptor,
  body: BodyFactory,
  options: PushOptions,
): Promise<PushOutcome> {
  if (await blobExists(repository, descriptor, options)) return "exists";
  let session: UploadSession | undefined;
  for (const source of options.mountFrom ?? []) {
    const mounted = await mountBlob(repository, descriptor, source, options);
    if (mounted === true) return "mounted";
    session = mounted || session;
  }
  await uploadBlob(repository, descriptor, body, options, session);
  return "uploaded";
}

/** Sends a blob; each new attempt opens a new session, because a broken one is not to be trusted (lesson 7). */
async function uploadBlob(
  repository: Repository,
  descriptor: Descriptor,
  body: BodyFactory,
  options: PushOptions,
  openedSession: UploadSession | undefined,
): Promise<void> {
  const { retry } = repository.client;
  let session = openedSession;
  for (let failures = 1; ; failures += 1) {
    session ??= await openSession(repository, descriptor, options);
    try {
      return await putWhole(repository, session, descriptor, body, options);
    } catch (error) {
      if (failures >= retry.policy.attempts || !mayWorkInNewSession(error, failures)) throw error;
      await retry.pause(failures, options.signal);
      // The registry may have taken everything, and only its answer was lost.
      if (await blobExists(repository, descriptor, options)) return;
    }
    session = undefined;
  }
}

async function putWhole(
  repository: Repository,
  session: UploadSession,
  { digest, size }: Descriptor,
  open: BodyFactory,
  { signal, onBytes }: PushOptions,
): Promise<void> {
  const response = await expectStatus(
    repository,
    {
      ...about(repository, digest, ["pull", "push"], signal),
      method: "PUT",
      url: appendDigest(session.url, digest),
      headers: { "content-type": "application/octet-stream" },
      body: { open, size, onBytes },
      repeatable: false,
      freshToken: true,
      foreign: originOf(session.url) !== originOf(baseUrl(repository)),
    },
    201,
    204,
  );
  const stored = headerOf(response, "docker-content-digest");
  if (stored !== undefined && stored !== digest) {
    throw corruptContent(
      `${repository.host}/${repository.repository}`,
      `stored ${stored}, expected ${digest}`,
    );
  }
}

function mayWorkInNewSession(error: unknown, failures: number): boolean {
  if (error instanceof ConnectionError) return error.retryable;
  if (!(error instanceof StatusError)) return false;
  // Bytes that arrive wrong once were spoilt on the way; twice, they were wrong before.
  if (error.kind === "corrupt") return failures === 1;
  return isPassing(error) || error.status === 404 || error.status === 416;
}
