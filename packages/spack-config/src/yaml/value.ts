// Configuration data: ordered, with the file and line of every key and value.

/** Where a key or a value was written. Built-in scopes have a name instead of a file, and no line. */
export interface Mark {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number | undefined;
}

/** The types of YAML. `other` is a date or a tagged value, which no schema accepts; its text is kept. */
type ScalarType = "string" | "integer" | "float" | "boolean" | "null" | "other";

/** A scalar with its type, since JavaScript cannot tell the float `4.0` from the integer 4. */
export interface ConfigScalar {
  readonly kind: "scalar";
  readonly type: ScalarType;
  readonly value: string | number | boolean | null;
  readonly mark: Mark | undefined;
}

/** A sequence. `flow`: written in brackets, as `blame` prints it. */
export interface ConfigList {
  readonly kind: "list";
  readonly items: readonly ConfigValue[];
  readonly flow: boolean;
  readonly mark: Mark | undefined;
}

/** A mapping, in order. */
export interface ConfigMap {
  readonly kind: "map";
  readonly entries: ReadonlyMap<string, ConfigEntry>;
  readonly flow: boolean;
  readonly mark: Mark | undefined;
}

export type ConfigValue = ConfigScalar | ConfigList | ConfigMap;

/** A key, and whether it overrides when merged (`key::`). */
export interface ConfigKey {
  readonly text: string;
  /** Whether YAML reads it as a string; `1:` and `true:` are keys of other types. */
  readonly isString: boolean;
  readonly override: boolean;
  readonly mark: Mark | undefined;
}

export interface ConfigEntry {
  readonly key: ConfigKey;
  readonly value: ConfigValue;
}

/** Plain data in the order of the configuration; mappings are maps, because objects reorder keys such as `"2"`. */
export type PlainValue =
  | string
  | number
  | boolean
  | null
  | readonly PlainValue[]
  | ReadonlyMap<string, PlainValue>;

/** A string scalar. */
export function text(value: string, mark?: Mark): ConfigScalar {
  return { kind: "scalar", type: "string", value, mark };
}

/** A list in block style. */
export function list(items: readonly ConfigValue[], mark?: Mark): ConfigList {
  return { kind: "list", items, flow: false, mark };
}

/** A mapping in block style. */
export function map(entries: Iterable<ConfigEntry>, mark?: Mark): ConfigMap {
  return { kind: "map", entries: byText(entries), flow: false, mark };
}

/** A plain string key, without a trailing `:`. */
export function key(text: string, mark?: Mark): ConfigKey {
  return { text, isString: true, override: false, mark };
}

/** Entries by the text of their keys. */
export function byText(entries: Iterable<ConfigEntry>): Map<string, ConfigEntry> {
  return new Map([...entries].map((entry) => [entry.key.text, entry]));
}

/** The value under `text` of a mapping; undefined if there is none, or if `value` is not a mapping. */
export function child(value: ConfigValue | undefined, text: string): ConfigValue | undefined {
  return value?.kind === "map" ? value.entries.get(text)?.value : undefined;
}

/** The value without its marks. */
export function toPlain(value: ConfigValue): PlainValue {
  if (value.kind === "scalar") return value.value;
  if (value.kind === "list") return value.items.map(toPlain);
  return new Map([...value.entries].map(([text, entry]) => [text, toPlain(entry.value)]));
}

/** The value of a string scalar; undefined for any other type. */
export function asString(value: ConfigValue | undefined): string | undefined {
  return value?.kind === "scalar" && value.type === "string" ? String(value.value) : undefined;
}
