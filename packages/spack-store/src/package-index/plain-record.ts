// Reads the records of an index that are written as this project and Spack write them: compact, in ASCII, without
// escapes. Anything else is left to the JSON reader, so that this code never decides what is an error.

import { COLUMN, COLUMNS, FLAG, type TableBuilder } from "./index-table.js";
import type { Part, SpecParts } from "./spec-parts.js";

const [QUOTE, COMMA, COLON, BACKSLASH] = [0x22, 0x2c, 0x3a, 0x5c];
const [OPEN, CLOSE, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d];
const [ZERO, NINE] = [0x30, 0x39];

const ascii = (text: string): Uint8Array => Buffer.from(text, "latin1");
const SPEC = ascii('{"spec":');
/** Where the spec is in a plain record. */
export const SPEC_OFFSET: number = SPEC.length;
const REFERENCES = ascii(',"ref_count":');
const PRESENT = ascii(',"in_buildcache":true}');
const ABSENT = ascii(',"in_buildcache":false}');
const EDGE_NAME = ascii('{"name":');
const EDGE_HASH = ascii(',"hash":');
const EDGE_PARAMETERS = ascii(',"parameters":');

/** Members of specs in Spack's order, with their columns. */
const MEMBERS: readonly (readonly [name: Uint8Array, column: number, part: Part | "text" | "edges"])[] = [
  [ascii("name"), COLUMN.name, "text"],
  [ascii("version"), COLUMN.version, "text"],
  [ascii("arch"), COLUMN.arch, "arch"],
  [ascii("compiler"), COLUMN.compiler, "compiler"],
  [ascii("namespace"), COLUMN.namespace, "text"],
  [ascii("parameters"), COLUMN.parameters, "parameters"],
  [ascii("patches"), COLUMN.patches, "patches"],
  [ascii("package_hash"), COLUMN.packageHash, "text"],
  [ascii("dependencies"), COLUMN.endOfEdges, "edges"],
  [ascii("annotations"), COLUMN.annotations, "annotations"],
  [ascii("hash"), COLUMN.key, "text"],
];

/** Digits of a count that are certain to be exact. */
const MAX_DIGITS = 15;

export class PlainRecordReader {
  #bytes: Uint8Array = new Uint8Array();
  readonly #table: TableBuilder;
  readonly #parts: SpecParts;
  #at = 0;
  /** Where the last string starts and ends, without its quotes. */
  #start = 0;
  #end = 0;

  constructor(table: TableBuilder, parts: SpecParts) {
    this.#table = table;
    this.#parts = parts;
  }

  /**
   * Reads a record into the draft of the table.
   *
   * @param at where its value starts in the bytes
   * @param key the number of its key
   * @returns where it ends; -1 if it is not plain
   */
  read(bytes: Uint8Array, at: number, key: number): number {
    const { draft } = this.#table;
    const firstEdge = this.#table.edgeCount;
    draft.fill(-1, 0, COLUMNS);
    draft[COLUMN.firstEdge] = firstEdge;
    draft[COLUMN.endOfEdges] = firstEdge;
    this.#bytes = bytes;
    this.#at = at;
    if (!this.#takes(SPEC)) return -1;
    const start = this.#at;
    if (!this.#spec() || draft[COLUMN.key] !== key || (draft[COLUMN.name] ?? -1) < 0)
      return this.#undo(firstEdge);
    if ((draft[COLUMN.version] ?? -1) < 0) return this.#undo(firstEdge);
    draft[COLUMN.specLength] = this.#at - start;
    if (!this.#takes(REFERENCES) || !this.#count()) return this.#undo(firstEdge);
    const isPackage = this.#takes(PRESENT);
    if (!isPackage && !this.#takes(ABSENT)) return this.#undo(firstEdge);
    draft[COLUMN.length] = this.#at - at;
    draft[COLUMN.flags] = FLAG.isPlain | (isPackage ? FLAG.isPackage : 0);
    return this.#at;
  }

  #undo(firstEdge: number): -1 {
    this.#table.dropEdges(firstEdge);
    return -1;
  }

  #spec(): boolean {
    if (!this.#take(OPEN)) return false;
    let seen = 0;
    let expected = 0;
    do {
      if (!this.#string() || !this.#take(COLON)) return false;
      const member = this.#member(expected);
      if (member < 0 || (seen & (1 << member)) !== 0) return false;
      seen |= 1 << member;
      expected = member + 1;
      if (!this.#value(member)) return false;
    } while (this.#take(COMMA));
    return this.#take(CLOSE);
  }

  /** The number of the member that the last string names; members are usually in order. */
  #member(expected: number): number {
    for (let step = 0; step < MEMBERS.length; step += 1) {
      const number = (expected + step) % MEMBERS.length;
      const [name] = MEMBERS[number] as (typeof MEMBERS)[number];
      if (name.length === this.#end - this.#start && this.#matches(name, this.#start)) return number;
    }
    return -1;
  }

  #value(member: number): boolean {
    const [, column, part] = MEMBERS[member] as (typeof MEMBERS)[number];
    if (part === "edges") return this.#edges();
    const { draft, texts } = this.#table;
    if (part === "text") {
      if (!this.#string()) return false;
      draft[column] = texts.intern(this.#bytes, this.#start, this.#end);
      return true;
    }
    const start = this.#at;
    if (!this.#skip()) return false;
    const number = texts.intern(this.#bytes, start, this.#at);
    draft[column] = number;
    return this.#parts.isPlain(part, number);
  }

  #edges(): boolean {
    if (!this.#take(OPEN_LIST)) return false;
    const { texts } = this.#table;
    do {
      if (!this.#takes(EDGE_NAME) || !this.#string()) return false;
      const name = texts.intern(this.#bytes, this.#start, this.#end);
      if (!this.#takes(EDGE_HASH) || !this.#string()) return false;
      const hash = texts.intern(this.#bytes, this.#start, this.#end);
      if (!this.#takes(EDGE_PARAMETERS)) return false;
      const start = this.#at;
      if (!this.#skip()) return false;
      const parameters = texts.intern(this.#bytes, start, this.#at);
      if (!this.#parts.isPlain("edge", parameters) || !this.#take(CLOSE)) return false;
      this.#table.addEdge(name, hash, parameters);
    } while (this.#take(COMMA));
    this.#table.draft[COLUMN.endOfEdges] = this.#table.edgeCount;
    return this.#take(CLOSE_LIST);
  }

  /** Reads a string of printable ASCII characters without escapes. */
  #string(): boolean {
    const bytes = this.#bytes;
    let at = this.#at;
    if (bytes[at] !== QUOTE) return false;
    at += 1;
    this.#start = at;
    for (; at < bytes.length; at += 1) {
      const byte = bytes[at] as number;
      if (byte === QUOTE) {
        this.#end = at;
        this.#at = at + 1;
        return true;
      }
      if (byte < 0x20 || byte > 0x7e || byte === BACKSLASH) return false;
    }
    return false;
  }

  /** Skips an object or a list without white space, non-ASCII characters and escapes, whatever is in it. */
  #skip(): boolean {
    const bytes = this.#bytes;
    let at = this.#at;
    if (bytes[at] !== OPEN && bytes[at] !== OPEN_LIST) return false;
    let depth = 0;
    let isString = false;
    for (; at < bytes.length; at += 1) {
      const byte = bytes[at] as number;
      if (byte === QUOTE) isString = !isString;
      else if (byte === BACKSLASH || byte > 0x7e || byte < 0x20) return false;
      else if (!isString) {
        if (byte === OPEN || byte === OPEN_LIST) depth += 1;
        else if (byte === CLOSE || byte === CLOSE_LIST) {
          depth -= 1;
          if (depth === 0) {
            this.#at = at + 1;
            return true;
          }
        }
      }
    }
    return false;
  }

  #count(): boolean {
    const start = this.#at;
    const bytes = this.#bytes;
    let at = start;
    while (at < bytes.length && (bytes[at] as number) >= ZERO && (bytes[at] as number) <= NINE) at += 1;
    this.#at = at;
    const digits = at - start;
    return digits > 0 && digits <= MAX_DIGITS && (digits === 1 || bytes[start] !== ZERO);
  }

  #take(byte: number): boolean {
    if (this.#bytes[this.#at] !== byte) return false;
    this.#at += 1;
    return true;
  }

  #takes(text: Uint8Array): boolean {
    if (!this.#matches(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #matches(text: Uint8Array, at: number): boolean {
    const bytes = this.#bytes;
    if (at + text.length > bytes.length) return false;
    for (let index = 0; index < text.length; index += 1) if (bytes[at + index] !== text[index]) return false;
    return true;
  }
}
