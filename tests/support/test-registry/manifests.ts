// The test registry's manifests and tag lists.

import { type Answer, answer, content, failure, json, type Question } from "./answer.js";
import { digestFor, type StoredRepository } from "./storage.js";

/** Answers `/manifests/<reference>`. */
export function answerManifest(repository: StoredRepository, reference: string, question: Question): Answer {
  if (question.method === "PUT") return putManifest(repository, reference, question);
  const isDigest = reference.includes(":");
  if (question.method === "DELETE" && !isDigest) {
    return repository.tags.delete(reference) ? answer(202) : failure(404, "MANIFEST_UNKNOWN");
  }
  const digest = isDigest ? reference : (repository.tags.get(reference) ?? "");
  const manifest = repository.manifests.get(digest);
  if (manifest === undefined) return failure(404, "MANIFEST_UNKNOWN", { reference });
  if (question.method === "DELETE") {
    repository.manifests.delete(digest);
    for (const [tag, tagged] of repository.tags) if (tagged === digest) repository.tags.delete(tag);
    return answer(202);
  }
  return content(200, manifest.bytes, {
    "content-type": manifest.mediaType,
    "docker-content-digest": digest,
  });
}

/** Answers `/referrers/<digest>`, like a registry with the referrers API. */
export function answerReferrers(repository: StoredRepository, subject: string): Answer {
  const manifests = [...repository.manifests].flatMap(([digest, { mediaType, bytes }]) => {
    const manifest = JSON.parse(bytes.toString());
    const artifactType = manifest.artifactType ?? manifest.config?.mediaType;
    return manifest.subject?.digest === subject
      ? [{ mediaType, digest, size: bytes.length, artifactType, annotations: manifest.annotations }]
      : [];
  });
  const mediaType = "application/vnd.oci.image.index.v1+json";
  return json(200, { schemaVersion: 2, mediaType, manifests }, { "content-type": mediaType });
}

/**
 * Whether a tag fulfills a request's conditions (RFC 9110, sections 13.1.1 and 13.1.2); its digest is its entity tag.
 */
export function meetsConditions(
  repository: StoredRepository,
  reference: string,
  { method, headers }: Question,
): boolean {
  if (method !== "PUT") return true;
  const digest = repository.tags.get(reference);
  if (headers["if-none-match"] === "*") return digest === undefined;
  const expected = headers["if-match"];
  return expected === undefined || expected === `"${digest}"`;
}

/** Answers `/tags/list`, with `n`, `last` and `Link`. */
export function answerTags(
  name: string,
  repository: StoredRepository,
  { url }: Question,
  mostPerPage: number,
): Answer {
  if (repository.manifests.size === 0 && repository.blobs.size === 0)
    return failure(404, "NAME_UNKNOWN", { name });
  const all = [...repository.tags.keys()].sort();
  const last = url.searchParams.get("last");
  const rest = last === null ? all : all.filter((tag) => tag > last);
  const n = Math.min(Number(url.searchParams.get("n") ?? mostPerPage), mostPerPage);
  const page = rest.slice(0, n);
  const next = `</v2/${name}/tags/list?n=${n}&last=${encodeURIComponent(page.at(-1) ?? "")}>; rel="next"`;
  return json(
    200,
    { name, tags: page.length === 0 ? null : page },
    page.length < rest.length ? { link: next } : {},
  );
}

function putManifest(repository: StoredRepository, reference: string, question: Question): Answer {
  const { body } = question;
  const isDigest = reference.includes(":");
  if (isDigest && digestFor(reference.split(":")[0] ?? "", body) !== reference)
    return failure(400, "DIGEST_INVALID");
  const { config, layers = [], manifests = [] } = JSON.parse(body.toString());
  const blobs: string[] = [...(config ? [config] : []), ...layers].map(
    (child: { digest: string }) => child.digest,
  );
  const unknown = blobs.find((digest) => !repository.blobs.has(digest));
  if (unknown !== undefined) return failure(400, "MANIFEST_BLOB_UNKNOWN", { digest: unknown });
  const child = manifests.find((listed: { digest: string }) => !repository.manifests.has(listed.digest));
  if (child !== undefined) return failure(400, "MANIFEST_UNKNOWN", { digest: child.digest });
  const mediaType = question.headers["content-type"] ?? "";
  const digest = repository.putManifest(mediaType, body, isDigest ? undefined : reference);
  return answer(201, { location: `/manifests/${digest}`, "docker-content-digest": digest });
}
