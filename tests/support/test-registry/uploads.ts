// The test registry's uploads: sessions, whole and chunked blobs, and mounts.

import { type Answer, answer, failure, type Question } from "./answer.js";
import { digestFor, type Storage, type StoredRepository } from "./storage.js";

/** Answers `/blobs/uploads/[id]`. */
export function answerUpload(storage: Storage, name: string, id: string, question: Question): Answer {
  const { method, url } = question;
  if (method === "POST" && url.searchParams.has("digest")) {
    return storeBlob(storage.repository(name), name, url, question.body);
  }
  if (method === "POST") return startUpload(storage, name, url);
  const { uploads } = storage.repository(name);
  const received = uploads.get(id);
  if (received === undefined || url.searchParams.get("_state") !== stateOf(id)) {
    return failure(404, "BLOB_UPLOAD_UNKNOWN");
  }
  if (method === "DELETE") {
    uploads.delete(id);
    return answer(204);
  }
  if (method === "PATCH") {
    const start = /^(\d+)-/.exec(question.headers["content-range"] ?? "")?.[1];
    if (start !== undefined && Number(start) !== received.length) {
      return answer(416, sessionHeaders(name, id, received.length));
    }
    const grown = Buffer.concat([received, question.body]);
    uploads.set(id, grown);
    return answer(202, sessionHeaders(name, id, grown.length));
  }
  if (method === "GET") return answer(204, sessionHeaders(name, id, received.length));
  return finishUpload(storage, name, id, question, received);
}

function startUpload(storage: Storage, name: string, url: URL): Answer {
  const mount = url.searchParams.get("mount");
  const from = url.searchParams.get("from");
  const bytes = mount && from ? storage.repository(from).blobs.get(mount) : undefined;
  if (mount && bytes !== undefined) {
    storage.repository(name).blobs.set(mount, bytes);
    return answer(201, { location: `/v2/${name}/blobs/${mount}`, "docker-content-digest": mount });
  }
  return answer(202, sessionHeaders(name, storage.repository(name).openUpload(), 0));
}

function finishUpload(
  storage: Storage,
  name: string,
  id: string,
  question: Question,
  received: Buffer,
): Answer {
  const repository = storage.repository(name);
  const stored = storeBlob(repository, name, question.url, Buffer.concat([received, question.body]));
  if (stored.status === 201) repository.uploads.delete(id);
  return stored;
}

function storeBlob(repository: StoredRepository, name: string, url: URL, bytes: Buffer): Answer {
  const digest = url.searchParams.get("digest") ?? "";
  const algorithm = digest.split(":")[0] ?? "";
  if (!["sha256", "sha512"].includes(algorithm) || digestFor(algorithm, bytes) !== digest) {
    return failure(400, "DIGEST_INVALID", { digest });
  }
  repository.blobs.set(digest, bytes);
  return answer(201, { location: `/v2/${name}/blobs/${digest}`, "docker-content-digest": digest });
}

/** A relative Location with an opaque state and an empty parameter; both must come back unchanged. */
function sessionHeaders(name: string, id: string, received: number): Record<string, string> {
  return {
    location: `/v2/${name}/blobs/uploads/${id}?_state=${encodeURIComponent(stateOf(id))}&_nouploadcache=`,
    range: `0-${Math.max(0, received - 1)}`,
    "docker-upload-uuid": id,
  };
}

function stateOf(id: string): string {
  return `a+b/${id}==`;
}
