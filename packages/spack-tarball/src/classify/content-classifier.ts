// Decides in one pass over a file how it has to be relocated (Spack: binary_distribution.py, `file_type`).

import { isAscii } from "node:buffer";
import type { PrefixList } from "../prefixes/prefix-list.js";
import { TextMatches } from "../prefixes/text-matches.js";
import { type BinaryFormat, binaryFormatOf, MAGIC_LENGTH } from "./binary-format.js";
import { Utf8Validator } from "./utf8-validator.js";

/** The format of a binary; `text` for text that names a known prefix; `none` if there is nothing to relocate. */
export type ContentClass = BinaryFormat | "text" | "none";

export class ContentClassifier {
  readonly #utf8 = new Utf8Validator();
  readonly #matches: TextMatches;
  /** Whether every byte so far is a printable character of ISO 8859-1 or a control character 0x01..0x1f. */
  #latin1 = true;
  #found = false;
  #start: Buffer = Buffer.alloc(0);
  #format: BinaryFormat | undefined;

  constructor(prefixes: PrefixList) {
    this.#matches = new TextMatches(prefixes);
  }

  push(chunk: Buffer): void {
    if (this.#start.length < MAGIC_LENGTH) {
      this.#start = Buffer.concat([this.#start, chunk.subarray(0, MAGIC_LENGTH - this.#start.length)]);
      if (this.#start.length === MAGIC_LENGTH) this.#format = binaryFormatOf(this.#start);
    }
    if (this.#format !== undefined) return;
    this.#utf8.push(chunk);
    this.#latin1 &&= !hasControlByte(chunk);
    if (!this.#found) this.#found = this.#matches.push(chunk).length > 0;
  }

  /** The result, after the whole file was pushed. */
  end(): ContentClass {
    if (this.#start.length < MAGIC_LENGTH) return "none";
    if (this.#format !== undefined) return this.#format;
    this.#found ||= this.#matches.end().length > 0;
    return this.#found && (this.#utf8.valid || this.#latin1) ? "text" : "none";
  }
}

/** Whether `[\x00\x7f-\x9f]` matches: bytes that do not occur in ISO 8859-1 text. */
function hasControlByte(bytes: Buffer): boolean {
  if (isAscii(bytes)) return bytes.includes(0) || bytes.includes(0x7f);
  for (const byte of bytes) {
    if (byte === 0 || (byte >= 0x7f && byte <= 0x9f)) return true;
  }
  return false;
}
