// Pushes a blob: checks for it, mounts it, or sends it (distribution specification, "Pushing blobs").

import type { PushOutcome } from "../../storage/target.js";
import { isKnownBlob } from "../downloads/blobs.js";
import type { Push } from "../requests/repository.js";
import { mountBlob } from "./mount.js";
import { postBlob } from "./single-post.js";
import { uploadBlob } from "./upload.js";
import { ensureFits } from "./upload-limits.js";
import type { UploadSession } from "./upload-session.js";

/**
 * Pushes a blob, unless the repository has it or can link it from another repository of its host.
 *
 * @throws SpackOciError of kind `unsupported`, code `ERR_OCI_TOO_LARGE`, if the blob exceeds the host's known limit.
 */
export async function pushBlob(push: Push): Promise<PushOutcome> {
  const { repository, descriptor, options } = push;
  const { mayExist = true } = options;
  if (mayExist && (await isKnownBlob(repository, descriptor, options))) return "exists";
  ensureFits(repository, descriptor);
  const begun = (await mount(push)) ?? (await post(push));
  if (typeof begun === "string") return begun;
  await uploadBlob(push, begun);
  return "uploaded";
}

/** Mounts a blob from the first repository that has it. If the registry opens a session instead, it is used. */
async function mount({
  repository,
  descriptor,
  options,
}: Push): Promise<"mounted" | UploadSession | undefined> {
  const { uploads } = repository.learned;
  const { signal } = options;
  let session: UploadSession | undefined;
  for (const from of options.mountFrom ?? []) {
    const mounted = await mountBlob(repository, descriptor, { from, signal });
    if (mounted === true) return "mounted";
    session = mounted ?? session;
  }
  if (session !== undefined || !uploads.mountsAnonymously) return session;
  const mounted = await mountBlob(repository, descriptor, { from: undefined, signal });
  if (mounted === true) return "mounted";
  uploads.mountsAnonymously = mounted !== undefined;
  return mounted;
}

/** Sends a small blob by POST alone, if the host supports it. */
async function post(push: Push): Promise<"uploaded" | UploadSession | undefined> {
  const { uploads } = push.repository.learned;
  if (push.descriptor.size > uploads.singlePostLimit) return undefined;
  const posted = await postBlob(push);
  if (posted === true) return "uploaded";
  uploads.singlePostLimit = 0;
  return posted;
}
