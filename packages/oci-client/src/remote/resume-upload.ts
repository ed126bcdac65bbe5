// Takes up an upload in chunks where it was left, if the registry still has it (specification, "Resuming an upload").
import { isSpackOciError } from "@spack-oci/errors";
import type { Descriptor } from "../content/descriptor.js";
import { headerOf } from "../http/http.js";
import type { RequestOptions } from "../target/target.js";
import { parseUploadedRange } from "./content-range.js";
import { placeOf, type Repository, repositoryUrl } from "./repository.js";
import { readSession, sessionRequest, type UploadSession } from "./upload-session.js";

/** Under what name the upload of a blob is remembered. */
export function uploadName(repository: Repository, { digest }: Descriptor): string {
  return `${repositoryUrl(repository, "")}@${digest}`;
}

/**
 * The session that was left, as far as the registry says that it holds some of the blob; undefined in every other case,
 * because a new session always works (lesson 7).
 */
export async function findSession(
  repository: Repository,
  descriptor: Descriptor,
  options: RequestOptions,
): Promise<UploadSession | undefined> {
  const { client } = repository;
  const name = uploadName(repository, descriptor);
  const url = client.uploads.find(name);
  if (url === undefined) return undefined;
  const left: UploadSession = { url, leastChunk: 0, held: 0 };
  try {
    await client.mayFollow(repositoryUrl(repository, ""), url, placeOf(repository));
    const request = sessionRequest(repository, left, descriptor, options);
    const response = await client.send({ ...request, method: "GET", url, freshToken: false });
    const held = parseUploadedRange(headerOf(response, "range")) ?? 0;
    // An empty session says `0-0`, as one with a single byte does.
    if (response.status === 204 && held > 1 && held <= descriptor.size) {
      const isMoved = headerOf(response, "location") !== undefined;
      return { ...(isMoved ? await readSession(repository, response) : left), held };
    }
  } catch (error) {
    // The new session meets the same trouble, if it was not the old one's own.
    if (!isSpackOciError(error)) throw error;
  }
  client.uploads.forget(name);
  return undefined;
}
