// Sends a small blob in the request that opens its upload (specification, "Single POST"), for hosts that take it so.
import { isSpackOciError } from "@spack-oci/errors";
import type { Descriptor } from "../content/descriptor.js";
import type { HttpRequest } from "../http/http.js";
import type { BodyFactory, PushOptions } from "../target/target.js";
import { confirmBlob } from "./confirm-blob.js";
import { about, type Repository, repositoryUrl } from "./repository.js";
import { readSession, type UploadSession } from "./upload-session.js";

/**
 * Tries to send a blob whole by POST. `true` when it is stored; a session when the registry opened one and left the
 * bytes alone, as the specification allows; `undefined` when it did neither: the usual way will tell what is wrong.
 */
export async function postBlob(
  repository: Repository,
  descriptor: Descriptor,
  open: BodyFactory,
  options: PushOptions,
): Promise<true | UploadSession | undefined> {
  const { digest, size } = descriptor;
  const request: HttpRequest = {
    ...about(repository, digest, ["pull", "push"], options.signal),
    method: "POST",
    url: repositoryUrl(repository, `blobs/uploads/?digest=${encodeURIComponent(digest)}`),
    headers: { "content-type": "application/octet-stream" },
    body: { open, size },
    repeatable: false,
  };
  try {
    const response = await repository.client.send(request);
    if (response.status === 202) return await readSession(repository, response);
    if (response.status !== 201) return undefined;
    await confirmBlob(repository, response, descriptor, options);
    options.onBytes?.(size);
    return true;
  } catch (error) {
    if (isSpackOciError(error)) return undefined;
    throw error;
  }
}
