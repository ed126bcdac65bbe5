// A registry may report success although it stored a blob under another digest, or none that it can find again.

import { SpackOciError } from "@spack-oci/errors";
import { algorithmOf, type Digest } from "../../content/digest.js";
import { corruptContent } from "../../content/verify.js";
import { contentDigest } from "../../http/answer-headers.js";
import type { HttpResponse } from "../../http/http.js";
import { blobExists } from "../downloads/blobs.js";
import { describePlace, type Push } from "../requests/repository.js";

/**
 * Makes sure that a blob is stored under its own digest. Registries must support sha256 (image specification,
 * "Digests"); some support nothing else, and report success all the same.
 *
 * @throws SpackOciError of kind `corrupt` if other bytes were stored, `unsupported` if the digest is unknown.
 */
export async function confirmBlob(push: Omit<Push, "body">, response: HttpResponse): Promise<void> {
  const { repository, descriptor, options } = push;
  const { digest } = descriptor;
  const place = describePlace(repository, digest);
  checkStored(response, digest, place);
  if (algorithmOf(digest) === "sha256") return;
  if (await blobExists(repository, descriptor, { signal: options.signal })) return;
  throw new SpackOciError(
    "ERR_OCI_UNSUPPORTED",
    `${place}: the registry accepted the blob but does not have it under this digest.`,
    {
      kind: "unsupported",
      place,
      hint: `Use sha256 digests with this registry instead of ${algorithmOf(digest)}.`,
    },
  );
}

/**
 * Checks the digest that the registry reports for what it stored, if it reports one.
 *
 * @throws SpackOciError of kind `corrupt` if it differs.
 */
export function checkStored(response: HttpResponse, digest: Digest, place: string): void {
  const stored = contentDigest(response, place);
  if (stored !== undefined && algorithmOf(stored) === algorithmOf(digest) && stored !== digest) {
    throw corruptContent(place, `the registry stored ${stored}, expected ${digest}`);
  }
}
