// Reads the plain flow-style YAML that Spack and this project write. A package may list tens of thousands of names, for
// which a complete YAML parser takes seconds and a hundred megabytes.

/** The value of a field in a plain mapping; every scalar is a string. */
export type PlainValue = string | readonly string[] | ReadonlyMap<string, string>;

/**
 * A scalar without YAML syntax: unquoted without spaces, colons and line breaks, or quoted without quotes, escapes and
 * line breaks inside.
 */
const SCALAR = /[A-Za-z0-9/_.][A-Za-z0-9/_.+@=~%-]*|"[ !#-[\]-~]*"|'[ -&(-~]*'/y;

/**
 * The fields of a mapping in braces on one line; each is a scalar, a list of scalars or a mapping of scalars.
 *
 * @returns undefined for any other text, which may still be valid YAML
 */
export function parsePlainFlow(text: string): ReadonlyMap<string, PlainValue> | undefined {
  const reader = new Reader(text);
  const fields = reader.mapping((each) => each.value());
  return fields !== undefined && reader.isAtEnd ? fields : undefined;
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#text.length || this.#text.slice(this.#at) === "\n";
  }

  value(): PlainValue | undefined {
    const start = this.#text[this.#at];
    if (start === "{") return this.mapping((each) => each.#scalar());
    return start === "[" ? this.#list() : this.#scalar();
  }

  mapping<T>(read: (reader: Reader) => T | undefined): ReadonlyMap<string, T> | undefined {
    const fields = new Map<string, T>();
    const isWhole = this.#items("{", "}", () => {
      const key = this.#scalar();
      if (key === undefined || fields.has(key) || !this.#skip(": ")) return false;
      const value = read(this);
      if (value === undefined) return false;
      fields.set(key, value);
      return true;
    });
    return isWhole ? fields : undefined;
  }

  #list(): readonly string[] | undefined {
    const items: string[] = [];
    const isWhole = this.#items("[", "]", () => {
      const item = this.#scalar();
      if (item !== undefined) items.push(item);
      return item !== undefined;
    });
    return isWhole ? items : undefined;
  }

  /** @param item reads one item, and returns false if there is none */
  #items(open: string, close: string, item: () => boolean): boolean {
    if (!this.#skip(open)) return false;
    if (this.#skip(close)) return true;
    do {
      if (!item()) return false;
    } while (this.#skip(", "));
    return this.#skip(close);
  }

  /** If the scalar continues in a way that is not plain, the caller does not find the mark that it expects next. */
  #scalar(): string | undefined {
    SCALAR.lastIndex = this.#at;
    const [found] = SCALAR.exec(this.#text) ?? [];
    if (found === undefined) return undefined;
    this.#at += found.length;
    return /^["']/.test(found) ? found.slice(1, -1) : found;
  }

  #skip(mark: string): boolean {
    if (!this.#text.startsWith(mark, this.#at)) return false;
    this.#at += mark.length;
    return true;
  }
}
