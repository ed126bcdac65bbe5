// Reads JSON as Python's json module does, preserving key order and distinguishing integers from floats.

import { SpackOciError } from "@spack-oci/errors";
import type { Json, JsonObject } from "./value.js";

/** Options of {@link parseJson}. */
export interface ParseJsonOptions {
  /** Where the text comes from (a file, a blob), for error messages. */
  readonly place?: string;
  /** Ignores everything after the first value, as Spack does for its databases. */
  readonly allowTrailing?: boolean;
}

/** Python's limit is its recursion limit, 1000 by default. */
const MAX_DEPTH = 1000;

/** Python's limit for the digits of an integer, `sys.get_int_max_str_digits()`. */
const MAX_DIGITS = 4300;

/**
 * Bytes of memory that any text may take, and that each of its characters may add: twice what the densest documents of
 * Spack take. Empty objects would take a hundred times their text.
 */
const MAX_MEMORY: number = 32 * 1024 * 1024;
const MEMORY_PER_CHARACTER = 8;

/** Bytes of memory that values take at least, measured with Node 20. */
const OBJECT_MEMORY = 216;
const ARRAY_MEMORY = 56;
const NUMBER_MEMORY = 40;

const NUMBER = /(-?(?:0|[1-9]\d*))(\.\d+)?([eE][-+]?\d+)?/y;
const WORD = /null|true|false|NaN|-?Infinity/y;
const WORDS = new Map<string, Json>([
  ["null", null],
  ["true", true],
  ["false", false],
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
]);
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids control characters inside of strings
const PLAIN_CHARACTERS = /[^"\\\u0000-\u001f]*/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const SPECIAL_CHARACTER = /[\\\u0000-\u001f]/;
const ESCAPES = new Map([...'"\\/'].map((character) => [character, character]));
for (const [letter, character] of ["b\b", "f\f", "n\n", "r\r", "t\t"]) {
  ESCAPES.set(letter as string, character as string);
}

/**
 * Reads one JSON value as `json.loads` of Python does: `NaN` and `Infinity` are numbers, lone surrogates are kept, and
 * the last value of a duplicate key wins, in the position of the first.
 *
 * @throws SpackOciError `ERR_JSON_SYNTAX` (corrupt) with line and column of the error, also for a text with far more
 *   values than Spack writes
 */
export function parseJson(text: string, options: ParseJsonOptions = {}): Json {
  const reader = new Reader(text, options.place);
  const value = reader.value(0);
  if (options.allowTrailing !== true) reader.end();
  return value;
}

class Reader {
  readonly #text: string;
  readonly #place: string | undefined;
  #at = 0;
  /** Bytes that values may still take. */
  #memory: number;

  constructor(text: string, place: string | undefined) {
    this.#text = text;
    this.#place = place;
    this.#memory = MAX_MEMORY + text.length * MEMORY_PER_CHARACTER;
  }

  value(depth: number): Json {
    if (depth > MAX_DEPTH) this.#fail(`values nested more than ${MAX_DEPTH} deep`);
    this.#skipWhiteSpace();
    const next = this.#text[this.#at];
    if (next === '"') return this.#string();
    if (next === "{") return this.#object(depth);
    if (next === "[") return this.#array(depth);
    const name = this.#match(WORD);
    if (name !== undefined) return WORDS.get(name[0]) as Json;
    const digits = this.#match(NUMBER);
    if (digits === undefined) return this.#fail("expected a value");
    this.#reserve(NUMBER_MEMORY);
    const isInteger = digits[2] === undefined && digits[3] === undefined;
    if (!isInteger) return Number(digits[0]);
    if (digits[0].replace("-", "").length > MAX_DIGITS)
      this.#fail(`an integer of more than ${MAX_DIGITS} digits`);
    return BigInt(digits[0]);
  }

  end(): void {
    this.#skipWhiteSpace();
    if (this.#at < this.#text.length) this.#fail("expected the end");
  }

  #array(depth: number): readonly Json[] {
    const items: Json[] = [];
    this.#reserve(ARRAY_MEMORY);
    this.#at += 1;
    if (this.#take("]")) return items;
    do {
      items.push(this.value(depth + 1));
    } while (this.#take(","));
    if (!this.#take("]")) this.#fail("expected ',' or ']'");
    return items;
  }

  #object(depth: number): JsonObject {
    const members = new Map<string, Json>();
    this.#reserve(OBJECT_MEMORY);
    this.#at += 1;
    if (this.#take("}")) return members;
    do {
      this.#skipWhiteSpace();
      if (this.#text[this.#at] !== '"') this.#fail("expected a key in double quotes");
      const key = this.#string();
      if (!this.#take(":")) this.#fail("expected ':'");
      members.set(key, this.value(depth + 1));
    } while (this.#take(","));
    if (!this.#take("}")) this.#fail("expected ',' or '}'");
    return members;
  }

  #string(): string {
    this.#at += 1;
    // Most strings are plain up to their closing quote.
    const end = this.#text.indexOf('"', this.#at);
    const plain = end < 0 ? "" : this.#text.slice(this.#at, end);
    if (end >= 0 && !SPECIAL_CHARACTER.test(plain)) {
      this.#at = end + 1;
      return plain;
    }
    let result = "";
    for (;;) {
      result += this.#match(PLAIN_CHARACTERS)?.[0] ?? "";
      const next = this.#text[this.#at];
      if (next === undefined) this.#fail("unterminated string");
      if (next !== '"' && next !== "\\") this.#fail("control character in a string");
      this.#at += 1;
      if (next === '"') return result;
      result += this.#escape();
    }
  }

  #escape(): string {
    const letter = this.#text[this.#at] ?? "";
    if (letter === "u") {
      const digits = this.#text.slice(this.#at + 1, this.#at + 5);
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) this.#fail("expected four hexadecimal digits");
      this.#at += 5;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    const character = ESCAPES.get(letter);
    if (character === undefined) return this.#fail("unknown escape in a string");
    this.#at += 1;
    return character;
  }

  /** Counts the memory of a value. */
  #reserve(bytes: number): void {
    this.#memory -= bytes;
    if (this.#memory < 0) this.#fail("more values than fit in memory");
  }

  #skipWhiteSpace(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.#at += 1;
    }
  }

  /** Skips white space, and then `character` if it is next. */
  #take(character: string): boolean {
    this.#skipWhiteSpace();
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match === null) return undefined;
    this.#at += match[0].length;
    return match;
  }

  #fail(what: string): never {
    let line = 1;
    let start = 0;
    for (
      let at = this.#text.indexOf("\n");
      at !== -1 && at < this.#at;
      at = this.#text.indexOf("\n", start)
    ) {
      line += 1;
      start = at + 1;
    }
    throw new SpackOciError(
      "ERR_JSON_SYNTAX",
      `Invalid JSON: ${what} at line ${line}, column ${this.#at - start + 1}.`,
      {
        kind: "corrupt",
        place: this.#place,
        hint: "The text is truncated or damaged; fetch it again.",
      },
    );
  }
}
