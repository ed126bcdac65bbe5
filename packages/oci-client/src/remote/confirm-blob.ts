// A registry may answer that it stored a blob, and have it under another digest than the one that it was given.
import { SpackOciError } from "@spack-oci/errors";
import type { Descriptor } from "../content/descriptor.js";
import { algorithmOf } from "../content/digest.js";
import type { HttpResponse } from "../http/http.js";
import type { RequestOptions } from "../target/target.js";
import { blobExists } from "./blobs.js";
import { placeOf, type Repository } from "./repository.js";
import { checkStored } from "./upload-session.js";

/**
 * Makes sure that a blob is there under its own digest. Registries have to know sha256 (image specification, "Digests");
 * some know nothing else, and answer a success all the same.
 *
 * @throws SpackOciError of kind `corrupt` when other bytes were stored, `unsupported` when the digest is not known.
 */
export async function confirmBlob(
  repository: Repository,
  response: HttpResponse,
  descriptor: Descriptor,
  { signal }: RequestOptions,
): Promise<void> {
  const { digest } = descriptor;
  const place = placeOf(repository, digest);
  checkStored(response, digest, place);
  if (algorithmOf(digest) === "sha256" || (await blobExists(repository, descriptor, { signal }))) return;
  throw new SpackOciError(
    "ERR_OCI_UNSUPPORTED",
    `${place}: the registry took it, and does not have it by this digest`,
    {
      kind: "unsupported",
      place,
      hint: `Name content by sha256 there rather than by ${algorithmOf(digest)}.`,
    },
  );
}
