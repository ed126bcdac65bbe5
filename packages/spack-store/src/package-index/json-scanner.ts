// Finds the members of large JSON objects without building their values, in a window of their text.

import {
  addPositions,
  type Json,
  jsonSyntaxError,
  parseJson,
  positionIn,
  type TextPosition,
} from "@spack-oci/spack-spec";

const [QUOTE, COMMA, COLON, BACKSLASH] = [0x22, 0x2c, 0x3a, 0x5c];
const [OPEN, CLOSE, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d];
const [SPACE, TAB, NEWLINE, RETURN] = [0x20, 0x09, 0x0a, 0x0d];

/** A text that may be too large for memory. */
export interface JsonSource {
  /** In bytes. */
  readonly size: number;
  /** Bytes of a window, at least; all of a text in memory. */
  readonly window: number;
  /** The bytes of a part. */
  read(start: number, length: number): Buffer;
}

/** A key of an object, as bytes of the window without its quotes. */
export interface ScannedKey {
  readonly start: number;
  readonly end: number;
  /** Whether it is printable ASCII without escapes. */
  readonly isPlain: boolean;
}

/** Bytes at a time when the position of an error is computed. */
const PIECE = 1024 * 1024;

/**
 * A JSON text, and a place in it. The window moves between the members of an object, and grows if a member is longer.
 * Errors are those of `parseJson`.
 */
export class JsonScanner {
  readonly source: JsonSource;
  readonly place: string;
  /** The bytes of the window. */
  bytes: Buffer;
  /** The place in the window. */
  at = 0;
  /** Where the window starts in the text. */
  #base = 0;

  constructor(source: JsonSource, place: string) {
    this.source = source;
    this.place = place;
    this.bytes = source.read(0, Math.min(source.window, source.size));
  }

  /** The place in the text. */
  get offset(): number {
    return this.#base + this.at;
  }

  /** Goes to a place in the text. */
  seek(offset: number): void {
    this.#base = offset;
    this.at = 0;
    this.bytes = this.source.read(offset, Math.min(this.source.window, this.source.size - offset));
  }

  /** Whether an object follows, perhaps after white space, which is skipped. */
  isAtObject(): boolean {
    this.#skipSpace();
    return this.bytes[this.at] === OPEN;
  }

  /**
   * Calls `member` for each member of the object that starts here, at the start of its value. It must skip the value.
   *
   * @throws SpackOciError `ERR_JSON_SYNTAX`
   */
  object(member: (key: ScannedKey) => void): void {
    this.at += 1;
    if (this.#take(CLOSE)) return;
    do {
      // What follows is usually much shorter than half of a window.
      if (this.at > this.source.window / 2) this.seek(this.offset);
      this.#skipSpace();
      if (this.bytes[this.at] !== QUOTE) this.#fail("expected a key in double quotes");
      const key = this.#key();
      if (!this.#take(COLON)) this.#fail("expected ':'");
      this.#skipSpace();
      member(key);
    } while (this.#take(COMMA));
    if (!this.#take(CLOSE)) this.#fail("expected ',' or '}'");
  }

  /** The text of a key. */
  textOf({ start, end, isPlain }: ScannedKey): string {
    return isPlain
      ? this.bytes.toString("latin1", start, end)
      : (parseJson(this.#slice(start - 1, end + 1)) as string);
  }

  /**
   * Reads the value that starts here, and skips it.
   *
   * @param depth how many values enclose it; nothing that follows the outermost one counts
   * @throws SpackOciError `ERR_JSON_SYNTAX`
   */
  value(depth: number): Json {
    let end = this.#endOfValue();
    while (end === this.bytes.length && this.#grow()) end = this.#endOfValue();
    const { offset } = this;
    const within = { depth, position: () => this.#positionAt(offset) };
    const text = this.#slice(this.at, end);
    const value = parseJson(text, { place: this.place, within, allowTrailing: depth === 0 });
    this.at = end;
    return value;
  }

  #key(): ScannedKey {
    const start = this.at + 1;
    let isPlain = true;
    for (let at = start; at < this.bytes.length; at += 1) {
      const byte = this.bytes[at] as number;
      if (byte === QUOTE) {
        this.at = at + 1;
        if (!isPlain) this.#check(start - 1, at + 1);
        return { start, end: at, isPlain };
      }
      if (byte === BACKSLASH) at += 1;
      if (byte === BACKSLASH || byte < 0x20 || byte > 0x7e) isPlain = false;
    }
    if (this.#grow()) return this.#key();
    this.#check(start - 1, this.bytes.length);
    return this.#fail("unterminated string");
  }

  /** Fails as `parseJson` does if a part is not a JSON value. */
  #check(start: number, end: number): void {
    parseJson(this.#slice(start, end), {
      place: this.place,
      within: { depth: 0, position: () => this.#positionAt(this.#base + start) },
    });
  }

  /** Where the value that starts here ends if it is JSON; somewhere behind it if it is not. */
  #endOfValue(): number {
    const { bytes } = this;
    let depth = 0;
    for (let at = this.at; at < bytes.length; at += 1) {
      const byte = bytes[at] as number;
      if (byte === QUOTE) {
        at = this.#endOfString(at);
        if (depth === 0) return at + 1;
      } else if (byte === OPEN || byte === OPEN_LIST) depth += 1;
      else if (byte === CLOSE || byte === CLOSE_LIST) {
        if (depth === 0) return at;
        depth -= 1;
        if (depth === 0) return at + 1;
      } else if (depth === 0 && (byte === COMMA || isSpace(byte))) return at;
    }
    return bytes.length;
  }

  /** Where the quote behind the string that starts at `start` is. */
  #endOfString(start: number): number {
    const { bytes } = this;
    for (let at = start + 1; at < bytes.length; at += 1) {
      if (bytes[at] === QUOTE) return at;
      if (bytes[at] === BACKSLASH) at += 1;
    }
    return bytes.length - 1;
  }

  #slice(start: number, end: number): string {
    return this.bytes.toString("utf8", start, end);
  }

  /** Skips white space, and then `byte` if it is next. */
  #take(byte: number): boolean {
    this.#skipSpace();
    if (this.bytes[this.at] !== byte) return false;
    this.at += 1;
    return true;
  }

  #skipSpace(): void {
    do {
      while (isSpace(this.bytes[this.at])) this.at += 1;
    } while (this.at === this.bytes.length && this.#grow());
  }

  /** Doubles the window. @returns false if it ends with the text */
  #grow(): boolean {
    const rest = this.source.size - this.#base;
    if (this.bytes.length === rest) return false;
    this.bytes = this.source.read(this.#base, Math.min(rest, this.bytes.length * 2));
    return true;
  }

  #fail(what: string): never {
    throw jsonSyntaxError(what, this.#positionAt(this.offset), this.place);
  }

  #positionAt(end: number): TextPosition {
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    let position: TextPosition = { line: 1, column: 1 };
    for (let start = 0; start < end; start += PIECE) {
      const bytes = this.source.read(start, Math.min(PIECE, end - start));
      const piece = decoder.decode(bytes, { stream: true });
      position = addPositions(position, positionIn(piece, piece.length));
    }
    return position;
  }
}

function isSpace(byte: number | undefined): boolean {
  return byte === SPACE || byte === TAB || byte === NEWLINE || byte === RETURN;
}
