// Verifies the hash of the root of a spec document at a fraction of the cost of reading all of it.

import { createHash } from "node:crypto";
import { base32Encode } from "../hash/base32.js";

/**
 * Whether a text is certainly a spec document whose root has this DAG hash, and matches it. V8 parses and formats JSON
 * natively, and usually arrives at the very text that Spack has hashed. If it does not, because the root is spliced, of
 * an old format, or holds numbers or characters that Python writes in another way, nothing is known:
 * `parseSpecDocument` and `verifyDagHash` decide.
 */
export function isVerifiedRoot(text: string, hash: string): boolean {
  try {
    return verifiedRoot(JSON.parse(text), hash) !== undefined;
  } catch {
    return false; // parseSpecDocument explains what is wrong
  }
}

/**
 * The root of a document that `JSON.parse` returned, if it is certain that it has this DAG hash, and matches it, as with
 * {@link isVerifiedRoot}.
 */
export function verifiedRoot(document: unknown, hash: string): VerifiedRoot | undefined {
  const { spec } = (document ?? {}) as DocumentOutline;
  const version = spec?._meta?.version;
  const root = version === 4 || version === 5 ? spec?.nodes?.[0] : undefined;
  if (root?.hash !== hash) return undefined;
  const { hash: _, ...hashed } = root;
  const digest = createHash("sha1").update(JSON.stringify(hashed), "utf8").digest();
  return base32Encode(digest) === hash ? root : undefined;
}

/** Members of a node that its hash covers; Spack writes them as strings. */
export interface VerifiedRoot {
  readonly name?: unknown;
  readonly version?: unknown;
}

/** What {@link verifiedRoot} looks at; none of it is certain. */
interface DocumentOutline {
  readonly spec?: {
    readonly _meta?: { readonly version?: unknown };
    readonly nodes?: readonly (VerifiedRoot & { readonly hash?: unknown })[];
  };
}
