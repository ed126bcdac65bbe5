// Blobs by digest: whether they exist, and their bytes (distribution specification, "Pulling blobs").

import type { Readable } from "node:stream";
import type { Descriptor } from "../../content/descriptor.js";
import type { HttpRequest } from "../../http/http.js";
import { StatusError } from "../../http/status-error.js";
import { HeldStream } from "../../storage/held-stream.js";
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

/** Bytes of a blob that is not worth a stream. If the connection breaks, it is fetched again from its beginning. */
const MAX_WHOLE = 256 * 1024;

/** Opens a blob. A download that is cut continues where it broke off; a short one starts over. */
export async function fetchBlob(
  repository: Repository,
  descriptor: Descriptor,
  options: TransferOptions,
): Promise<Readable> {
  const source = blobSource(repository, descriptor);
  if (descriptor.size > MAX_WHOLE) return download(repository.client, source, options);
  return new HeldStream(await downloadWhole(repository.client, source, options));
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
