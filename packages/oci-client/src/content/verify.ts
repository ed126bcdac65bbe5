// Bytes are checked against their descriptor as they pass: no second reading, and no trust before the last byte.
import { createHash, type Hash } from "node:crypto";
import { Transform } from "node:stream";
import { SpackOciError } from "@spack-oci/errors";
import type { Descriptor } from "./descriptor.js";
import { algorithmOf } from "./digest.js";

/** What a verifier must know of a descriptor. */
export type Expected = Pick<Descriptor, "digest" | "size">;

/** Says that content is not what its descriptor promises; kind `corrupt`, code `ERR_OCI_CORRUPT`. */
export function corruptContent(place: string, what: string, cause?: unknown): SpackOciError {
  return new SpackOciError("ERR_OCI_CORRUPT", `${place}: ${what}`, {
    kind: "corrupt",
    place,
    cause,
    hint: "Try again; if it stays, the stored content is damaged and has to be pushed again.",
  });
}

/** Hashes and counts bytes as they come, and compares with size and digest of a descriptor. */
export class DigestVerifier {
  readonly #hash: Hash;
  readonly #expected: Expected;
  readonly #place: string;
  #bytes = 0;

  /** `place` opens every message, e.g. `ghcr.io/org/name@sha256:...`. */
  constructor(expected: Expected, place: string = expected.digest) {
    this.#hash = createHash(algorithmOf(expected.digest));
    this.#expected = expected;
    this.#place = place;
  }

  /** How many bytes have been seen. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Takes the next bytes.
   *
   * @throws SpackOciError of kind `corrupt` as soon as there are more bytes than the descriptor says.
   */
  update(chunk: Uint8Array): void {
    this.#bytes += chunk.byteLength;
    if (this.#bytes > this.#expected.size) {
      throw corruptContent(this.#place, `more than the ${this.#expected.size} bytes of its descriptor`);
    }
    this.#hash.update(chunk);
  }

  /**
   * Ends the content; the verifier cannot be used after it.
   *
   * @throws SpackOciError of kind `corrupt` when bytes are missing or the digest differs.
   */
  finish(): void {
    const { digest, size } = this.#expected;
    if (this.#bytes !== size) {
      throw corruptContent(this.#place, `ended after ${this.#bytes} of ${size} bytes`);
    }
    const actual = `${algorithmOf(digest)}:${this.#hash.digest("hex")}`;
    if (actual !== digest) throw corruptContent(this.#place, `digest is ${actual}, expected ${digest}`);
  }
}

/** A stream that passes bytes on and fails with kind `corrupt`, before it ends, when they are not `expected`. */
export function verifying(expected: Expected, place?: string, onBytes?: (count: number) => void): Transform {
  const verifier = new DigestVerifier(expected, place);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      try {
        verifier.update(chunk);
        onBytes?.(chunk.byteLength);
        done(null, chunk);
      } catch (error) {
        done(error as Error);
      }
    },
    flush(done) {
      try {
        verifier.finish();
        done();
      } catch (error) {
        done(error as Error);
      }
    },
  });
}
