// Links a blob from another repository of the same host, where the registry does that (specification, "Mounting").
import { isSpackOciError } from "@spack-oci/errors";
import { repositoryScope } from "../auth/scope.js";
import type { Descriptor } from "../content/descriptor.js";
import type { HttpRequest } from "../http/http.js";
import type { RequestOptions } from "../target/target.js";
import { about, type Repository, repositoryUrl } from "./repository.js";
import { readSession, type UploadSession } from "./upload-session.js";

/**
 * Tries to mount a blob. `true` when it is linked; a session when the registry opened one to send the bytes to
 * instead (lesson 14); `undefined` when it did neither, whatever its reason (lessons 11 to 13): a plain upload will
 * tell what is really wrong.
 *
 * @param from a repository of the same host; without, the registry looks by itself (an anonymous mount)
 */
export async function mountBlob(
  repository: Repository,
  { digest }: Descriptor,
  from: string | undefined,
  { signal }: RequestOptions,
): Promise<true | UploadSession | undefined> {
  const base = about(repository, digest, ["pull", "push"], signal);
  const source = from === undefined ? "" : `&from=${encodeURIComponent(from)}`;
  const query = `mount=${encodeURIComponent(digest)}${source}`;
  const request: HttpRequest = {
    ...base,
    scopes: from === undefined ? base.scopes : [...base.scopes, repositoryScope(from, "pull")],
    method: "POST",
    url: repositoryUrl(repository, `blobs/uploads/?${query}`),
    repeatable: false,
  };
  try {
    const response = await repository.client.send(request);
    if (response.status === 201) return true;
    return response.status === 202 ? await readSession(repository, response) : undefined;
  } catch (error) {
    // The upload that follows meets the same trouble, if it was not the mount's own.
    if (isSpackOciError(error)) return undefined;
    throw error;
  }
}
