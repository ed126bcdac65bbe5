// Sends a small blob in the request that opens its upload (specification, "Single POST"), if the host supports it.

import { isSpackOciError } from "@spack-oci/errors";
import type { HttpRequest } from "../../http/http.js";
import { type Push, repositoryUrl, requestFor } from "../requests/repository.js";
import { confirmBlob } from "./confirm-blob.js";
import { readSession, type UploadSession } from "./upload-session.js";

/**
 * Tries to send a whole blob by POST.
 *
 * @returns `true` if it is stored; a session if the registry opened one and ignored the bytes, as the specification
 *   allows; `undefined` if it did neither: a regular upload will report the actual problem.
 */
export async function postBlob(push: Push): Promise<true | UploadSession | undefined> {
  const { repository, descriptor, body, options } = push;
  const { digest, size } = descriptor;
  const request: HttpRequest = {
    ...requestFor(repository, { reference: digest, actions: ["pull", "push"], signal: options.signal }),
    method: "POST",
    url: repositoryUrl(repository, `blobs/uploads/?digest=${encodeURIComponent(digest)}`),
    headers: { "content-type": "application/octet-stream" },
    body: { open: body, size },
    repeatable: false,
  };
  try {
    const response = await repository.client.send(request);
    if (response.status === 202) return await readSession(repository, response);
    if (response.status !== 201) return undefined;
    await confirmBlob(push, response);
    options.onBytes?.(size);
    return true;
  } catch (error) {
    if (isSpackOciError(error)) return undefined;
    throw error;
  }
}
