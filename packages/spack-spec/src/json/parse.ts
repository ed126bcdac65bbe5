// Reads JSON as Python's json module does, preserving key order and distinguishing integers from floats.

import { SpackOciError } from "@spack-oci/errors";
import type { Json, JsonObject } from "./value.js";

/** Options of {@link parseJson}. */
export interface ParseJsonOptions {
  /** Where the text comes from (a file, a blob), for error messages. */
  readonly place?: string;
  /** Ignores everything after the first value, as Spack does for its databases. */
  readonly allowTrailing?: boolean;
  /** What surrounds the text, if it is the value of a member of an object in a larger one. */
  readonly within?: SurroundingText;
}

/** Where a text is in a larger one. */
export interface SurroundingText {
  /** How many values enclose it. */
  readonly depth: number;
  /** The line and column of its first character, counted from 1; called for an error. */
  position(): TextPosition;
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
 *
 * @example
 * ```ts
 * import { asObject, asString, parseJson } from "@spack-oci/spack-spec";
 *
 * const value = asObject(parseJson('{"version": "1.3"}'), "the file");
 * console.log(asString(value.get("version"), "its version")); // 1.3
 * ```
 */
export function parseJson(text: string, options: ParseJsonOptions = {}): Json {
  const reader = new Reader(text, options);
  const value = reader.value(options.within?.depth ?? 0);
  if (options.allowTrailing !== true) reader.end();
  return value;
}

class Reader {
  readonly #text: string;
  readonly #options: ParseJsonOptions;
  #at = 0;
  /** Bytes that values may still take. */
  #memory: number;

  constructor(text: string, options: ParseJsonOptions) {
    this.#text = text;
    this.#options = options;
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
    if (this.#at === this.#text.length) return;
    this.#fail(this.#options.within === undefined ? "expected the end" : "expected ',' or '}'");
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
    const { place, within } = this.#options;
    const before = positionIn(this.#text, this.#at);
    throw jsonSyntaxError(
      what,
      within === undefined ? before : addPositions(within.position(), before),
      place,
    );
  }
}

/** A place in a text: lines and columns, counted from 1. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/** The place of a character, or of the end. */
export function positionIn(text: string, at: number): TextPosition {
  let line = 1;
  let start = 0;
  for (let next = text.indexOf("\n"); next !== -1 && next < at; next = text.indexOf("\n", start)) {
    line += 1;
    start = next + 1;
  }
  return { line, column: at - start + 1 };
}

/** The place of something in a part of a text, from the place of the part and that within the part. */
export function addPositions(part: TextPosition, within: TextPosition): TextPosition {
  const { line, column } = within;
  return line === 1
    ? { line: part.line, column: part.column + column - 1 }
    : { line: part.line + line - 1, column };
}

/** The error for a text that is not JSON: `ERR_JSON_SYNTAX` (corrupt). */
export function jsonSyntaxError(
  what: string,
  { line, column }: TextPosition,
  place: string | undefined,
): SpackOciError {
  return new SpackOciError("ERR_JSON_SYNTAX", `Invalid JSON: ${what} at line ${line}, column ${column}.`, {
    kind: "corrupt",
    place,
    hint: "The text is truncated or damaged; fetch it again.",
  });
}
