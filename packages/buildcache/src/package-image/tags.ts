// Which tag a package has, and which tags are packages (Spack: binary_distribution.py, `_oci_default_tag`).

import { SpackOciError } from "@spack-oci/errors";
import { ensureTag } from "@spack-oci/oci-client";
import type { PackageName } from "../events/events.js";

/** The tag of the index. */
export const INDEX_TAG = "index.spack";

/** A tag is at most this long (OCI distribution specification, "Pulling manifests"). */
const MAX_TAG_LENGTH = 128;

/** `name-version-hash.spack`, with what a tag cannot hold as `_`, and the middle left out where it is too long. */
export function packageTag({ name, version, hash }: PackageName): string {
  const tag = `${name}-${version}-${hash}.spack`.replaceAll(/[^\w.-]/gu, "_");
  return tag.length <= MAX_TAG_LENGTH
    ? tag
    : tag.slice(0, MAX_TAG_LENGTH / 2) + tag.slice(-MAX_TAG_LENGTH / 2);
}

/**
 * Returns a tag that a user gives to an image. One that ends in `.spack` is kept for packages and the index: every reader of
 * the buildcache would take the image for one.
 *
 * @throws SpackOciError of kind `usage`, `ERR_OCI_TAG` or `ERR_TAG_OF_PACKAGE`
 */
export function ensureImageTag(text: string): string {
  const tag = ensureTag(text);
  if (!tag.endsWith(".spack")) return tag;
  throw new SpackOciError("ERR_TAG_OF_PACKAGE", `The tag ${tag} would be taken for a package's.`, {
    kind: "usage",
    place: tag,
    hint: 'Choose a tag that does not end in ".spack".',
  });
}

/**
 * The tag that keeps what a package's tag was on. It does not end like a package's, so that Spack and whoever indexes the tags pass
 * it over, and is no longer than that.
 */
export function originalTag(tag: string): string {
  return tag.replace(/\.spack$/, ".orig");
}

/** Whether a tag is likely a package's; anybody may give such a name to anything. */
export function isPackageTag(tag: string): boolean {
  return tag.endsWith(".spack") && tag !== INDEX_TAG;
}

/** The DAG hash in a package's tag: the last 32 characters before `.spack`. */
export function hashInTag(tag: string): string | undefined {
  return /-([a-z2-7]{32})\.spack$/.exec(tag)?.[1];
}

/**
 * Whether a tag may be of a package that a spec argument names: by the start of its name, or of its hash. Meant to be
 * generous, since only the image itself tells.
 */
export function tagMayBeOf(tag: string, specArgument: string): boolean {
  const hash = /\/([a-z0-9]+)/.exec(specArgument)?.[1];
  if (hash !== undefined) return hashInTag(tag)?.startsWith(hash) === true;
  const name = /^[\w.-]+/.exec(specArgument)?.[0];
  return name !== undefined && tag.startsWith(`${name}-`.slice(0, MAX_TAG_LENGTH / 2));
}
