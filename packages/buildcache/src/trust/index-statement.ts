// What the signature of a package index states: which version of the index it is, and when it was signed.

/** Names the statement (in-toto attestation framework, predicate types). */
export const INDEX_PREDICATE = "https://spack-oci.dev/package-index/v1";

/** A statement about an index. */
export interface IndexClaim {
  /** Grows with each signed index of a buildcache. */
  readonly version: number;
  readonly signedAt: Date;
}

/**
 * The statement for the next index. Versions are milliseconds since 1970, as far as clocks allow: so somebody who has not
 * seen the newest index signs no older version, and somebody whose clock is slow continues from the newest version.
 *
 * @param newest the highest version known, or 0
 */
export function nextClaim(newest: number, now: Date): IndexClaim {
  return { version: Math.max(newest + 1, now.getTime()), signedAt: now };
}

/** The predicate of a statement. */
export function formatClaim({ version, signedAt }: IndexClaim): unknown {
  return { version, signedAt: signedAt.toISOString() };
}

/** @returns undefined if a predicate has other members, or malformed ones */
export function parseClaim(predicate: unknown): IndexClaim | undefined {
  if (typeof predicate !== "object" || predicate === null) return undefined;
  const { version, signedAt, ...others } = predicate as Record<string, unknown>;
  if (typeof version !== "number" || !Number.isSafeInteger(version) || version < 1) return undefined;
  if (typeof signedAt !== "string" || Object.keys(others).length > 0) return undefined;
  const time = new Date(signedAt);
  return Number.isNaN(time.getTime()) || time.toISOString() !== signedAt
    ? undefined
    : { version, signedAt: time };
}
