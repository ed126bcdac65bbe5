// Continues an upload in chunks where it was left, if the registry still has it (specification, "Resuming an upload").

import { isSpackOciError } from "@spack-oci/errors";
import type { Descriptor } from "../../content/descriptor.js";
import { parseUploadedRange } from "../../http/content-range.js";
import { headerOf } from "../../http/http.js";
import type { RequestOptions } from "../../storage/target.js";
import { describePlace, type Repository, repositoryUrl } from "../requests/repository.js";
import { readSession, sessionRequest, type UploadSession } from "./upload-session.js";

/** The name under which the upload of a blob is remembered. */
export function uploadName(repository: Repository, { digest }: Descriptor): string {
  return `${repositoryUrl(repository, "")}@${digest}`;
}

/**
 * The session that was left, if the registry reports that it has some of the blob; undefined in all other cases,
 * because a new session always works.
 */
export async function findSession(
  repository: Repository,
  descriptor: Descriptor,
  { signal }: RequestOptions,
): Promise<UploadSession | undefined> {
  const { client } = repository;
  const name = uploadName(repository, descriptor);
  const url = client.uploads.find(name);
  if (url === undefined) return undefined;
  const left: UploadSession = { url, minChunk: undefined, held: 0 };
  try {
    await client.mayFollow(repositoryUrl(repository, ""), url, describePlace(repository));
    const request = sessionRequest(repository, left, { digest: descriptor.digest, signal });
    const response = await client.send({ ...request, method: "GET", url, freshToken: false });
    const held = parseUploadedRange(headerOf(response, "range")) ?? 0;
    // An empty session reports `0-0`, and so does one with a single byte.
    if (response.status === 204 && held > 1 && held <= descriptor.size) {
      const hasMoved = headerOf(response, "location") !== undefined;
      return { ...(hasMoved ? await readSession(repository, response) : left), held };
    }
  } catch (error) {
    // The new session meets the same problem, unless it was specific to the old one.
    if (!isSpackOciError(error)) throw error;
  }
  client.uploads.forget(name);
  return undefined;
}
