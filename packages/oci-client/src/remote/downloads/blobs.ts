// Blobs by digest: whether they exist, and their bytes (distribution specification, "Pulling blobs").

import type { Readable } from "node:stream";
import type { Descriptor } from "../../content/descriptor.js";
import type { HttpRequest } from "../../http/http.js";
import { StatusError } from "../../http/status-error.js";
import type { ContentProbe, RequestOptions, TransferOptions } from "../../storage/target.js";
import { type Repository, repositoryUrl, requestFor } from "../requests/repository.js";
import { probe } from "../requests/send.js";
import { download, type Source } from "./download.js";
import { downloadWhole } from "./download-whole.js";

/** Whether the repository has a blob. */
export async function blobExists(
  repository: Repository,
  descriptor: Pick<Descriptor, "digest">,
  options: RequestOptions,
): Promise<boolean> {
  return (await probeBlob(repository, descriptor, options)) !== undefined;
}

/** The size of a blob; undefined if it does not exist. */
export async function probeBlob(
  repository: Repository,
  { digest }: Pick<Descriptor, "digest">,
  { signal }: RequestOptions,
): Promise<ContentProbe | undefined> {
  return probe(repository, {
    ...requestFor(repository, { reference: digest, actions: ["pull"], signal }),
    url: repositoryUrl(repository, `blobs/${digest}`),
  });
}

/**
 * Whether the repository admits to having a blob. Some registries deny the question for a repository that does not
 * exist yet: the push that follows shows whether access is really denied.
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

/** Opens a blob; a download that is cut continues where it broke off. */
export function fetchBlob(
  repository: Repository,
  descriptor: Descriptor,
  options: TransferOptions,
): Promise<Readable> {
  return download(repository.client, blobSource(repository, descriptor), options);
}

/** Fetches a small blob into memory. */
export function fetchWholeBlob(
  repository: Repository,
  descriptor: Descriptor,
  options: TransferOptions,
): Promise<Buffer> {
  return downloadWhole(repository.client, blobSource(repository, descriptor), options);
}

function blobSource(repository: Repository, descriptor: Descriptor): Source {
  const { digest } = descriptor;
  const request: HttpRequest = {
    ...requestFor(repository, { reference: digest, actions: ["pull"], signal: undefined }),
    method: "GET",
    url: repositoryUrl(repository, `blobs/${digest}`),
    content: "streamed",
  };
  return { request, expected: descriptor };
}
