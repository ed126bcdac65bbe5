// Bytes are checked against their descriptor as they pass: they are never read twice, nor trusted before the last
// one.

import { createHash, type Hash } from "node:crypto";
import { Transform } from "node:stream";
import { SpackOciError } from "@spack-oci/errors";
import type { Descriptor } from "./descriptor.js";
import { algorithmOf } from "./digest.js";

/** The parts of a descriptor that verification needs. */
export type Expected = Pick<Descriptor, "digest" | "size">;

/** The error for content that does not match its descriptor; kind `corrupt`, code `ERR_OCI_CORRUPT`. */
export function corruptContent(place: string, what: string, cause?: unknown): SpackOciError {
  return new SpackOciError("ERR_OCI_CORRUPT", `${place}: ${what}.`, {
    kind: "corrupt",
    place,
    cause,
    hint: "Try again; if the error persists, the stored content is damaged and must be pushed again.",
  });
}

/** Hashes and counts bytes as they come, and compares them with the size and digest of a descriptor. */
export class DigestVerifier {
  readonly #hash: Hash;
  readonly #expected: Expected;
  readonly #place: string;
  #bytes = 0;

  /** @param place Starts every message, e.g. `ghcr.io/org/name@sha256:...`. */
  constructor(expected: Expected, place: string = expected.digest) {
    this.#hash = createHash(algorithmOf(expected.digest));
    this.#expected = expected;
    this.#place = place;
  }

  /** How many bytes have passed. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Takes the next bytes.
   *
   * @throws SpackOciError of kind `corrupt` once there are more bytes than expected.
   */
  update(chunk: Uint8Array): void {
    this.#bytes += chunk.byteLength;
    if (this.#bytes > this.#expected.size) {
      throw corruptContent(this.#place, `it has more than the expected ${this.#expected.size} bytes`);
    }
    this.#hash.update(chunk);
  }

  /**
   * Ends the content; the verifier cannot be used afterwards.
   *
   * @throws SpackOciError of kind `corrupt` if bytes are missing or the digest differs.
   */
  finish(): void {
    const { digest, size } = this.#expected;
    if (this.#bytes !== size) {
      throw corruptContent(this.#place, `it ends after ${this.#bytes} of ${size} bytes`);
    }
    const actual = `${algorithmOf(digest)}:${this.#hash.digest("hex")}`;
    if (actual !== digest) throw corruptContent(this.#place, `the digest is ${actual}, expected ${digest}`);
  }
}

/**
 * A stream that passes bytes on, and fails with kind `corrupt` before its end if they do not match.
 *
 * @example
 * ```ts
 * import { Readable } from "node:stream";
 * import { buffer } from "node:stream/consumers";
 * import { descriptorOf, verifying } from "@spack-oci/oci-client";
 *
 * const expected = descriptorOf("text/plain", Buffer.from("whole"));
 * console.log((await buffer(Readable.from(["who", "le"]).pipe(verifying(expected)))).toString()); // whole
 * await buffer(Readable.from(["who"]).pipe(verifying(expected))).catch(({ code }) => console.log(code)); // ERR_OCI_CORRUPT
 * ```
 */
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
