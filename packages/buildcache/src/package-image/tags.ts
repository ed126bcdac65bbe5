// Names the tags of packages, and recognizes them (Spack: binary_distribution.py, `_oci_default_tag`).

import { SpackOciError } from "@spack-oci/errors";
import { ensureTag } from "@spack-oci/oci-client";
import type { PackageName } from "../events/events.js";

/** The tag of the package index. */
export const INDEX_TAG = "index.spack";

/** The maximum length of a tag (OCI distribution specification, "Pulling manifests"). */
const MAX_TAG_LENGTH = 128;

/**
 * `name-version-hash.spack`, with `_` for characters that a tag cannot hold; a long tag loses its middle.
 *
 * @example
 * ```ts
 * import { packageTag } from "@spack-oci/buildcache";
 *
 * const hash = "cd2e4nf3k3sw2czder5ycghwcpmmvl4k";
 * console.log(packageTag({ name: "margo-lite", version: "0.18.3", hash })); // margo-lite-0.18.3-cd2e4nf3k3sw2czder5ycghwcpmmvl4k.spack
 * ```
 */
export function packageTag({ name, version, hash }: PackageName): string {
  const tag = `${name}-${version}-${hash}.spack`.replaceAll(/[^\w.-]/gu, "_");
  return tag.length <= MAX_TAG_LENGTH
    ? tag
    : tag.slice(0, MAX_TAG_LENGTH / 2) + tag.slice(-MAX_TAG_LENGTH / 2);
}

/**
 * Returns a tag that a user chose for an image. Tags that end in `.spack` are reserved for packages and the package
 * index: every reader of the buildcache would take the image for one.
 *
 * @throws SpackOciError of kind `usage`, `ERR_OCI_TAG` or `ERR_TAG_OF_PACKAGE`
 */
export function ensureImageTag(text: string): string {
  const tag = ensureTag(text);
  if (!tag.endsWith(".spack")) return tag;
  throw new SpackOciError("ERR_TAG_OF_PACKAGE", `The tag ${tag} is reserved for packages.`, {
    kind: "usage",
    place: tag,
    hint: 'Choose a tag that does not end in ".spack".',
  });
}

/**
 * The tag that keeps the former image of a package. It does not end like a package's tag, so Spack and index updates
 * ignore it, and it is not longer than a tag may be.
 */
export function originalTag(tag: string): string {
  return tag.replace(/\.spack$/, ".orig");
}

/** Whether a tag looks like a package's; any image could have such a tag. */
export function isPackageTag(tag: string): boolean {
  return tag.endsWith(".spack") && tag !== INDEX_TAG;
}

/** The DAG hash in a package's tag: the last 32 characters before `.spack`. */
export function hashInTag(tag: string): string | undefined {
  return /-([a-z2-7]{32})\.spack$/.exec(tag)?.[1];
}

/**
 * Whether a tag may belong to a package that a spec argument matches: by the start of its name, or of its hash. Errs
 * on the side of matching, since only the image itself is certain.
 */
export function tagMayBeOf(tag: string, specArgument: string): boolean {
  const hash = /\/([a-z0-9]+)/.exec(specArgument)?.[1];
  if (hash !== undefined) return hashInTag(tag)?.startsWith(hash) === true;
  const name = /^[\w.-]+/.exec(specArgument)?.[0];
  return name !== undefined && tag.startsWith(`${name}-`.slice(0, MAX_TAG_LENGTH / 2));
}
