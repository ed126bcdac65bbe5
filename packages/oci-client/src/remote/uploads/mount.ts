// Links a blob from another repository of the same host, if the registry supports it (specification, "Mounting").

import { isSpackOciError } from "@spack-oci/errors";
import { repositoryScope } from "../../auth/scope.js";
import type { Descriptor } from "../../content/descriptor.js";
import type { HttpRequest } from "../../http/http.js";
import type { RequestOptions } from "../../storage/target.js";
import { type Repository, repositoryUrl, requestFor } from "../requests/repository.js";
import { readSession, type UploadSession } from "./upload-session.js";

/** Where to mount from. */
export interface MountOptions extends RequestOptions {
  /** A repository of the same host; undefined lets the registry look for one (an anonymous mount). */
  readonly from: string | undefined;
}

/**
 * Tries to mount a blob.
 *
 * @returns `true` if it is linked; a session if the registry opened one for the bytes instead; `undefined` if it did
 *   neither, whatever the reason: a regular upload will report the actual problem.
 */
export async function mountBlob(
  repository: Repository,
  { digest }: Descriptor,
  { from, signal }: MountOptions,
): Promise<true | UploadSession | undefined> {
  const base = requestFor(repository, { reference: digest, actions: ["pull", "push"], signal });
  const source = from === undefined ? "" : `&from=${encodeURIComponent(from)}`;
  const query = `mount=${encodeURIComponent(digest)}${source}`;
  const request: HttpRequest = {
    ...base,
    // Mounting requires the right to pull from the source.
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
    // The upload that follows meets the same problem, unless it was specific to mounting.
    if (isSpackOciError(error)) return undefined;
    throw error;
  }
}
