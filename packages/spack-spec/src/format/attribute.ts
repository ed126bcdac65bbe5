// A value in a format string: its text, and its attributes by name.

/** A value in a format string, for example `version` in `{version.dotted}`. */
export interface Attribute {
  /** The value as text; `undefined` prints nothing at all. */
  text(): string | undefined;
  /** The value's own attribute `name`, or `undefined` if it has none. */
  get(name: string): Attribute | undefined;
  /** Set if the attribute is a function in Spack, which cannot be printed. */
  readonly isFunction?: boolean;
  /** Set for variants, which are looked up by name rather than as attributes. */
  readonly holdsVariants?: boolean;
}

/** Attributes by name, computed on demand. */
export type AttributeTable = Readonly<Record<string, () => Attribute>>;

/** A value with its text. The table of its attributes is created only when one is used, which is rare. */
export function attribute(
  text: string | (() => string | undefined),
  attributes: () => AttributeTable = () => ({}),
): Attribute {
  return {
    text: typeof text === "string" ? () => text : text,
    get: (name) => lookUp(attributes(), name)?.(),
  };
}

/** The own entry `name` of `table`. */
export function lookUp<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** The value of something that is not set. */
export const nothing: Attribute = { text: () => undefined, get: () => undefined };

/** A function in Spack. */
const functionAttribute: Attribute = { ...nothing, isFunction: true };

/** `attributes` for {@link attribute} with a function under each of `names`. */
export function functionAttributes(names: string): AttributeTable {
  return Object.fromEntries(names.split(" ").map((name) => [name, () => functionAttribute]));
}

/** Plain text, or nothing. */
export function textAttribute(text: string | undefined): Attribute {
  return text === undefined ? nothing : attribute(text, () => textFunctions);
}

/** `True` or `False`. */
export function booleanAttribute(value: boolean): Attribute {
  return attribute(value ? "True" : "False");
}

const textFunctions = functionAttributes(
  "capitalize casefold center count encode endswith expandtabs find format format_map index isalnum isalpha isascii " +
    "isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle isupper join ljust lower lstrip " +
    "maketrans partition removeprefix removesuffix replace rfind rindex rjust rpartition rsplit rstrip split " +
    "splitlines startswith strip swapcase title translate upper zfill",
);
