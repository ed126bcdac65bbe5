// Blobs by digest: whether they are there, and their bytes (distribution specification, "Pulling blobs").
import type { Readable } from "node:stream";
import type { Descriptor } from "../content/descriptor.js";
import type { HttpRequest } from "../http/http.js";
import { StatusError } from "../http/status-error.js";
import type { ContentProbe, RequestOptions, TransferOptions } from "../target/target.js";
import { download } from "./download.js";
import { about, probeByHead, type Repository, repositoryUrl } from "./repository.js";

/** Whether the repository has a blob. */
export async function blobExists(
  repository: Repository,
  descriptor: Pick<Descriptor, "digest">,
  options: RequestOptions,
): Promise<boolean> {
  return (await probeBlob(repository, descriptor, options)) !== undefined;
}

/** How long a blob is; undefined where it is not there. */
export async function probeBlob(
  repository: Repository,
  { digest }: Pick<Descriptor, "digest">,
  { signal }: RequestOptions,
): Promise<ContentProbe | undefined> {
  return probeByHead(repository, {
    ...about(repository, digest, ["pull"], signal),
    url: repositoryUrl(repository, `blobs/${digest}`),
  });
}

/**
 * Whether the repository says that it has a blob. Some registries refuse to say so for a repository that is not there: the
 * push decides (lesson 19).
 */
export async function isKnownBlob(
  repository: Repository,
  descriptor: Descriptor,
  options: RequestOptions,
): Promise<boolean> {
  try {
    return await blobExists(repository, descriptor, options);
  } catch (error) {
    if (error instanceof StatusError && error.kind === "denied") return false;
    throw error;
  }
}

/** Opens a blob; cut connections are taken up again where they broke. */
export function fetchBlob(
  repository: Repository,
  descriptor: Descriptor,
  options: TransferOptions,
): Promise<Readable> {
  const request: HttpRequest = {
    ...about(repository, descriptor.digest, ["pull"], undefined),
    method: "GET",
    url: repositoryUrl(repository, `blobs/${descriptor.digest}`),
    content: true,
  };
  return download(repository.client, request, descriptor, options);
}
