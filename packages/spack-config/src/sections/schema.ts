// The part of JSON schema that Spack's configuration uses, as types and short builders.

export type TypeName = "object" | "array" | "string" | "integer" | "number" | "boolean" | "null";

/** A JSON schema. Keywords are checked in order, and the first failure is reported. */
export interface Schema {
  readonly type?: TypeName | readonly TypeName[];
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly pattern?: RegExp;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Properties;
  readonly patternProperties?: ReadonlyArray<readonly [RegExp, Schema]>;
  readonly additionalProperties?: boolean | Schema;
  /** Keys other than `properties` must be specs. */
  readonly additionalKeysAreSpecs?: boolean;
  /** What to do about a value that does not match. */
  readonly advice?: string;
  /** Keys that older versions of Spack accepted, and what to write instead. */
  readonly removedProperties?: Readonly<Record<string, string>>;
  /** Whether values may be passwords by mistake, and are not quoted. */
  readonly secret?: boolean;
  /** Deprecated keys with their warnings. */
  readonly deprecatedProperties?: Readonly<Record<string, string>>;
}

export type Properties = Readonly<Record<string, Schema>>;

export const string: Schema = { type: "string" };
export const boolean: Schema = { type: "boolean" };
export const strings: Schema = { type: "array", items: string };
export const stringOrNull: Schema = { anyOf: [string, { type: "null" }] };
export const stringOrStrings: Schema = { oneOf: [string, strings] };

/** An integer of at least `minimum`. */
export function integer(minimum: number): Schema {
  return { type: "integer", minimum };
}

/** One of several words. */
export function oneOfWords(...words: string[]): Schema {
  return { type: "string", enum: words };
}

/** A mapping with these keys; other keys are accepted unchecked. */
export function open(properties: Properties, more: Schema = {}): Schema {
  return { type: "object", ...more, properties };
}

/** A mapping with only these keys. */
export function closed(properties: Properties, more: Schema = {}): Schema {
  return { type: "object", ...more, additionalProperties: false, properties };
}

/** A mapping from any key to `values`. */
export function mapping(values: Schema, properties?: Properties): Schema {
  return { type: "object", ...(properties && { properties }), additionalProperties: values };
}

/** A list of `items`. */
export function listOf(items: Schema): Schema {
  return { type: "array", items };
}

/** A `projections:` mapping. Source: `lib/spack/spack/schema/projections.py`. */
export const projections: Properties = {
  projections: {
    type: "object",
    properties: { all: string },
    additionalKeysAreSpecs: true,
    additionalProperties: string,
  },
};
