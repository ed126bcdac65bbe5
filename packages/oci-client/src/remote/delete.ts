// Removes manifests, tags and blobs where the registry lets one (distribution specification, "Content Management").
import type { Descriptor } from "../content/descriptor.js";
import { isManifestType } from "../content/media-types.js";
import { ensureTag } from "../reference/reference.js";
import type { RequestOptions } from "../target/target.js";
import { about, expectStatus, type Repository, repositoryUrl } from "./repository.js";

/** Deletes a manifest or blob by its digest, or a tag alone. Kind `unsupported` where the registry answers 405. */
export async function deleteContent(
  repository: Repository,
  what: Descriptor | { readonly tag: string },
  { signal }: RequestOptions,
): Promise<void> {
  const [kind, name] =
    "tag" in what
      ? ["manifests", ensureTag(what.tag)]
      : [isManifestType(what.mediaType) ? "manifests" : "blobs", what.digest];
  await expectStatus(
    repository,
    {
      ...about(repository, name, ["delete"], signal),
      method: "DELETE",
      url: repositoryUrl(repository, `${kind}/${name}`),
    },
    202,
    200,
    204,
  );
}
