// Checks chunk by chunk whether a file is valid UTF-8.

import { isUtf8 } from "node:buffer";

export class Utf8Validator {
  #valid = true;
  /** The bytes of a character that the end of the last chunk cut, at most three. */
  #cut: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): void {
    if (!this.#valid) return;
    const bytes = this.#cut.length === 0 ? chunk : Buffer.concat([this.#cut, chunk]);
    const whole = bytes.length - unfinishedLength(bytes);
    this.#valid = isUtf8(bytes.subarray(0, whole));
    this.#cut = Buffer.from(bytes.subarray(whole));
  }

  /** The result, after the whole file was pushed. */
  get valid(): boolean {
    return this.#valid && this.#cut.length === 0;
  }
}

/** Number of bytes at the end that begin a character without finishing it. */
function unfinishedLength(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return needed > back ? back : 0;
  }
  return 0;
}
