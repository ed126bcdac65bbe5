// Package URLs of packages and of their images.

import type { SpecNode } from "@spack-oci/spack-spec";
import { PackageURL } from "packageurl-js";
import type { ImageLocation } from "./bill.js";

/**
 * `pkg:spack/<namespace>/<name>@<version>?daghash=<hash>`, the form in which the Spack project has proposed the type
 * `spack` to purl-spec. Packages of the same name and version differ in their hash, so it is always included.
 */
export function packageUrl({ name, namespace, version, hash }: SpecNode): string {
  return new PackageURL(
    "spack",
    namespace ?? "builtin",
    name,
    version,
    { daghash: hash },
    undefined,
  ).toString();
}

/** `pkg:oci/<name>@<digest>?repository_url=...&tag=...` (purl-spec, "oci"). */
export function imageUrl({ repository, tag, digest }: ImageLocation): string {
  const name = repository.slice(repository.lastIndexOf("/") + 1).toLowerCase();
  const qualifiers = { repository_url: repository, tag };
  return new PackageURL("oci", undefined, name, digest, qualifiers, undefined).toString();
}
