// Which mirrors a rule of a policy is about.

import { resolve } from "node:path";
import { isSpackOciError } from "@spack-oci/errors";
import { parseLocation } from "@spack-oci/oci-client";

/** A place, and whether everything below it is meant, too. */
export interface LocationPattern {
  /** `host/repository`, `oci-layout:/directory`, or empty for all mirrors. */
  readonly place: string;
  readonly isPrefix: boolean;
}

/**
 * The mirrors that a text covers: `oci://HOST/PATH`, `oci://HOST/PATH/*`, `oci://HOST/*`, `oci-layout:DIRECTORY`, or `*`.
 *
 * @returns undefined if it is none of these.
 */
export function coveredLocation(text: string): LocationPattern | undefined {
  if (text === "*") return { place: "", isPrefix: true };
  const isPrefix = text.endsWith("/*");
  const location = isPrefix ? text.slice(0, -2) : text;
  const host = /^oci(?:\+http)?:\/\/([^/@?#]+)$/.exec(location)?.[1];
  // A host by itself is no location, so a path is added to have it parsed.
  const place = placeOf(isPrefix && host !== undefined ? `${location}/x` : location);
  if (place === undefined) return undefined;
  return { place: isPrefix && host !== undefined ? place.slice(0, -"/x".length) : place, isPrefix };
}

/**
 * The most specific of some rules for a mirror.
 *
 * @param mirror The mirror's location. Its scheme does not matter: a policy also holds over plain HTTP.
 */
export function mostSpecific<Rule extends { readonly pattern: LocationPattern }>(
  rules: readonly Rule[],
  mirror: string,
): Rule | undefined {
  const place = placeOf(mirror);
  const covers = ({ pattern }: Rule) =>
    pattern.place === "" ||
    pattern.place === place ||
    (pattern.isPrefix && place?.startsWith(`${pattern.place}/`));
  const rank = ({ pattern }: Rule) => pattern.place.length * 2 + (pattern.isPrefix ? 0 : 1);
  return rules.filter(covers).sort((one, other) => rank(other) - rank(one))[0];
}

function placeOf(text: string): string | undefined {
  try {
    const location = parseLocation(text);
    if (location.kind === "layout") return `oci-layout:${resolve(location.directory)}`;
    return `${location.host.toLowerCase()}/${location.repository}`;
  } catch (error) {
    if (isSpackOciError(error, "usage")) return undefined;
    throw error;
  }
}
