// Pushes a blob: look, mount, or send it (distribution specification, "Pushing blobs" and "Mounting a blob").
import type { Descriptor } from "../content/descriptor.js";
import type { BodyFactory, PushOptions, PushOutcome } from "../target/target.js";
import { isKnownBlob } from "./blobs.js";
import { mountBlob } from "./mount.js";
import type { Repository } from "./repository.js";
import { postBlob } from "./single-post.js";
import { uploadBlob } from "./upload.js";
import { ensureFits } from "./upload-limits.js";
import type { UploadSession } from "./upload-session.js";

/**
 * Pushes a blob, unless the repository has it or can take it from another repository of its host.
 *
 * @throws SpackOciError of kind `unsupported`, code `ERR_OCI_TOO_LARGE`, when the host is known not to take it.
 */
export async function pushBlob(
  repository: Repository,
  descriptor: Descriptor,
  body: BodyFactory,
  options: PushOptions,
): Promise<PushOutcome> {
  if (await isKnownBlob(repository, descriptor, options)) return "exists";
  ensureFits(repository, descriptor);
  const begun =
    (await mount(repository, descriptor, options)) ?? (await post(repository, descriptor, body, options));
  if (typeof begun === "string") return begun;
  await uploadBlob(repository, descriptor, body, options, begun);
  return "uploaded";
}

/** Mounts a blob from the first repository that has it; the session that a registry opened instead is used. */
async function mount(
  repository: Repository,
  descriptor: Descriptor,
  options: PushOptions,
): Promise<"mounted" | UploadSession | undefined> {
  const { habits } = repository;
  let session: UploadSession | undefined;
  for (const source of options.mountFrom ?? []) {
    const mounted = await mountBlob(repository, descriptor, source, options);
    if (mounted === true) return "mounted";
    session = mounted ?? session;
  }
  if (session !== undefined || !habits.mountsAnonymously) return session;
  const mounted = await mountBlob(repository, descriptor, undefined, options);
  if (mounted === true) return "mounted";
  habits.mountsAnonymously = mounted !== undefined;
  return mounted;
}

/** Sends a small blob by POST alone, where the host takes that. */
async function post(
  repository: Repository,
  descriptor: Descriptor,
  body: BodyFactory,
  options: PushOptions,
): Promise<"uploaded" | UploadSession | undefined> {
  const { habits } = repository;
  if (descriptor.size > habits.singlePostLimit) return undefined;
  const posted = await postBlob(repository, descriptor, body, options);
  if (posted === true) return "uploaded";
  habits.singlePostLimit = 0;
  return posted;
}
