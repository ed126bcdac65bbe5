// The test registry's blobs: HEAD, GET with ranges, DELETE.

import { type Answer, answer, content, failure, type Question } from "./answer.js";
import type { StoredRepository } from "./storage.js";

/** Answers `/blobs/<digest>`. */
export function answerBlob(repository: StoredRepository, digest: string, question: Question): Answer {
  const bytes = repository.blobs.get(digest);
  if (bytes === undefined) return failure(404, "BLOB_UNKNOWN", { digest });
  if (question.method === "DELETE") {
    repository.blobs.delete(digest);
    return answer(202);
  }
  const headers = {
    "content-type": "application/octet-stream",
    "docker-content-digest": digest,
    etag: `"${digest}"`,
    "accept-ranges": "bytes",
  };
  const range = /^bytes=(\d+)-(\d*)$/.exec(question.headers["range"] ?? "");
  const ifRange = question.headers["if-range"];
  if (range === null || (ifRange !== undefined && ifRange !== headers.etag))
    return content(200, bytes, headers);
  const start = Number(range[1]);
  if (start >= bytes.length) return answer(416, { "content-range": `bytes */${bytes.length}` });
  const end = range[2] ? Math.min(Number(range[2]), bytes.length - 1) : bytes.length - 1;
  return content(206, bytes.subarray(start, end + 1), {
    ...headers,
    "content-range": `bytes ${start}-${end}/${bytes.length}`,
  });
}
