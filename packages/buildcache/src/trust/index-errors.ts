// The errors for package indexes that must not be used.

import { SpackOciError } from "@spack-oci/errors";

/** For an index without a signature; kind `untrusted`. */
export function indexNotSigned(place: string, expected: string): SpackOciError {
  return new SpackOciError("ERR_NOT_SIGNED", `The package index ${place} is not signed.`, {
    kind: "untrusted",
    place,
    hint: `Expected a signature by ${expected}. Ask who wrote it to run "spack-oci sign"; a lock file needs no index, and --unsigned-index does without this signature.`,
  });
}

/** For an index whose statement is not one of ours; kind `untrusted`. */
export function indexMisstated(place: string): SpackOciError {
  return new SpackOciError(
    "ERR_SIGNATURE_INVALID",
    `The signature of the package index ${place} does not state a version and a time.`,
    { kind: "untrusted", place, hint: 'Sign it again with "spack-oci sign".' },
  );
}

/** For an index that is older than one that was used before; kind `untrusted`. */
export function indexRolledBack(place: string, { what, newer, memory }: Rollback): SpackOciError {
  return new SpackOciError(
    "ERR_INDEX_ROLLBACK",
    `${what}, but one that was signed at ${newer.toISOString()} has been here before.`,
    {
      kind: "untrusted",
      place,
      hint: `Somebody may have put an old index back, which hides newer packages. If its owner did, ask them to sign it again, or remove ${memory}.`,
    },
  );
}

/** What is wrong about an index that is too old. */
interface Rollback {
  /** A clause, such as `The package index has no signature`. */
  readonly what: string;
  /** When the newest index that is known was signed. */
  readonly newer: Date;
  /** The file with what is known. */
  readonly memory: string;
}

/** For an index whose signature is older than a policy allows, or from the future; kind `untrusted`. */
export function indexExpired(place: string, why: string): SpackOciError {
  return new SpackOciError("ERR_INDEX_EXPIRED", `The signature of the package index ${place} ${why}.`, {
    kind: "untrusted",
    place,
    hint: 'Ask its owner to run "spack-oci sign", and check the clock of this machine. The limit is maxIndexAge of the policy.',
  });
}
