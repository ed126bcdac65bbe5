// Decides whether a package index may be used: who signed it, and whether it is an old one.

import type { Digest, Target } from "@spack-oci/oci-client";
import type { TrustedSigners } from "@spack-oci/signatures";
import { indexExpired, indexMisstated, indexNotSigned, indexRolledBack } from "./index-errors.js";
import { INDEX_PREDICATE, type IndexClaim, parseClaim } from "./index-statement.js";
import type { SeenIndex, UsedIndex } from "./seen-indexes.js";

/** The signature of an index. */
export interface IndexSignature {
  readonly bundle: Buffer;
  /** The SHA-256 of what is signed: the manifest of the index without its signature. */
  readonly covered: Digest;
}

/** An index under its tag. */
export interface SignedIndex {
  /** `oci://host/repository:index.spack`. */
  readonly place: string;
  /** Undefined if it is not signed. */
  readonly signature: IndexSignature | undefined;
}

/**
 * Verifies who signed an index, and that it was signed for this buildcache. An image layout has no name of its own.
 *
 * @throws SpackOciError of kind `untrusted`: `ERR_NOT_SIGNED`, `ERR_SIGNATURE_INVALID`
 */
export async function verifyIndexSignature(
  target: Target,
  { place, signature }: SignedIndex,
  signers: TrustedSigners,
): Promise<IndexClaim> {
  const { describeSigners, repositoryOf, verifyClaim } = await import("@spack-oci/signatures");
  const expected = { ...signers, repository: signers.repository ?? repositoryOf(target) };
  if (signature === undefined) throw indexNotSigned(place, describeSigners(expected));
  const { bundle, covered: digest } = signature;
  const claim = { bundle, digest, place, predicateType: INDEX_PREDICATE };
  const { predicate } = await verifyClaim(claim, expected);
  const stated = parseClaim(predicate);
  if (stated === undefined) throw indexMisstated(place);
  return stated;
}

/** What decides whether an index is too old. */
export interface FreshnessRules {
  /** Undefined if there is no place for it. */
  readonly seen: SeenIndex | undefined;
  /** In milliseconds; any age if undefined. */
  readonly maxAge: number | undefined;
  readonly now: () => number;
}

/** Clocks of two machines may differ by this much, in milliseconds. */
const CLOCK_DIFFERENCE = 10 * 60 * 1000;

/**
 * Compares an index with the newest one that was used before, and with the clock; then remembers it. An index with the
 * content of that one hides nothing, whatever its version.
 *
 * @throws SpackOciError of kind `untrusted`: `ERR_INDEX_ROLLBACK`, `ERR_INDEX_EXPIRED`
 */
export function requireFresh(
  place: string,
  { version, signedAt, covered }: UsedIndex,
  { seen, maxAge, now }: FreshnessRules,
): void {
  const newest = seen?.read();
  const isOlder = newest !== undefined && version < newest.version;
  if (seen !== undefined && isOlder && covered !== newest.covered) {
    const what = `The package index ${place} was signed at ${signedAt.toISOString()} as version ${version}`;
    throw indexRolledBack(place, { what, newer: newest.signedAt, memory: seen.path });
  }
  if (maxAge !== undefined) {
    // A clock that was put back must not make an old index young.
    const time = Math.max(now(), newest?.signedAt.getTime() ?? 0);
    const age = time - signedAt.getTime();
    if (age > maxAge) throw indexExpired(place, `was made at ${signedAt.toISOString()}, too long ago`);
    if (age < -CLOCK_DIFFERENCE) throw indexExpired(place, `is from the future, ${signedAt.toISOString()}`);
  }
  if (!isOlder && version !== newest?.version) seen?.write({ version, signedAt, covered });
}

/** @throws SpackOciError `ERR_INDEX_ROLLBACK` if a buildcache without an index had one before */
export function requireNeverSeen(place: string, seen: SeenIndex | undefined): void {
  const newest = seen?.read();
  if (seen === undefined || newest === undefined) return;
  throw indexRolledBack(place, {
    what: `The package index ${place} is gone`,
    newer: newest.signedAt,
    memory: seen.path,
  });
}
