// Whether a configuration value matches a schema, keyword by keyword.
import { pythonText } from "../yaml/scalar.js";
import { type ConfigMap, type ConfigScalar, type ConfigValue, child } from "../yaml/value.js";
import type { Schema, TypeName } from "./schema.js";

/** What a validation may ask besides the schema. */
export interface ValidationContext {
  /** Whether a text is a spec. */
  readonly isSpec: (text: string) => boolean;
  /** Receives the message of a deprecated key. */
  readonly warn: (message: string) => void;
}

/** Why a value does not match, and where in the data. */
export interface SchemaFailure {
  /** The keyword that failed. */
  readonly keyword: keyof Schema;
  readonly schema: Schema;
  readonly message: string;
  readonly value: ConfigValue;
  readonly path: readonly (string | number)[];
}

type Path = SchemaFailure["path"];

/** The first failure, in the order of the schema's keywords; undefined when `value` matches. */
export function firstFailure(
  value: ConfigValue,
  schema: Schema,
  context: ValidationContext,
  path: Path = [],
): SchemaFailure | undefined {
  for (const keyword of Object.keys(schema) as (keyof Schema)[]) {
    const failure = checks[keyword](value, schema, context, path);
    if (failure === undefined) continue;
    return typeof failure === "string" ? { keyword, schema, message: failure, value, path } : failure;
  }
  return undefined;
}

/** A check answers a message about the value itself, or the failure of a value inside. */
type Check = (
  value: ConfigValue,
  schema: Schema,
  context: ValidationContext,
  path: Path,
) => string | SchemaFailure | undefined;

const checks: Readonly<Record<keyof Schema, Check>> = {
  type: (value, { type = [] }) => {
    const names = typeof type === "string" ? [type] : type;
    if (names.some((name) => hasType(value, name))) return undefined;
    return `${describe(value)} is not of type ${names.map((name) => `'${name}'`).join(", ")}`;
  },
  enum: (value, { enum: words = [] }) =>
    value.kind === "scalar" && value.type === "string" && words.includes(String(value.value))
      ? undefined
      : `${describe(value)} is not one of ${words.map((word) => `'${word}'`).join(", ")}`,
  minimum: (value, { minimum = 0 }) =>
    value.kind === "scalar" && typeof value.value === "number" && value.value < minimum
      ? `${describe(value)} is less than the minimum of ${minimum}`
      : undefined,
  pattern: (value, { pattern }) =>
    hasType(value, "string") && !pattern?.test(String((value as ConfigScalar).value))
      ? `${describe(value)} does not match '${pattern?.source}'`
      : undefined,
  required: (value, { required = [] }) => {
    const missing = value.kind === "map" ? required.find((name) => !value.entries.has(name)) : undefined;
    return missing === undefined ? undefined : `'${missing}' is a required property`;
  },
  anyOf: (value, { anyOf = [] }, context, path) =>
    anyOf.some((schema) => firstFailure(value, schema, context, path) === undefined)
      ? undefined
      : `${describe(value)} is not valid under any of the given schemas`,
  oneOf: (value, { oneOf = [] }, context, path) => {
    const count = oneOf.filter((schema) => firstFailure(value, schema, context, path) === undefined).length;
    if (count === 1) return undefined;
    return `${describe(value)} is ${count === 0 ? "not valid under any" : "valid under more than one"} of the given schemas`;
  },
  items: (value, { items = {} }, context, path) =>
    value.kind === "list"
      ? first(value.items.entries(), ([index, item]) => firstFailure(item, items, context, [...path, index]))
      : undefined,
  properties: (value, { properties = {} }, context, path) =>
    first(Object.entries(properties), ([name, schema]) => {
      const inside = child(value, name);
      return inside && firstFailure(inside, schema, context, [...path, name]);
    }),
  patternProperties: (value, { patternProperties = [] }, context, path) =>
    first(patternProperties, ([pattern, schema]) =>
      first(entriesOf(value), ([name, { value: inside }]) =>
        pattern.test(name) ? firstFailure(inside, schema, context, [...path, name]) : undefined,
      ),
    ),
  additionalProperties: (value, schema, context, path) => {
    const extra = additionalNames(value, schema);
    const { additionalProperties } = schema;
    if (typeof additionalProperties === "object") {
      return first(extra, (name) => {
        const inside = child(value, name);
        return inside && firstFailure(inside, additionalProperties, context, [...path, name]);
      });
    }
    if (additionalProperties !== false || extra.length === 0) return undefined;
    return `unexpected ${extra.length === 1 ? "key" : "keys"} ${extra.map((name) => `'${name}'`).join(", ")}`;
  },
  additionalKeysAreSpecs: (value, { properties = {} }, { isSpec }) => {
    const bad = [...entriesOf(value)].find(([name]) => !Object.hasOwn(properties, name) && !isSpec(name));
    return bad && `the key '${bad[0]}' is not a valid spec`;
  },
  deprecatedProperties: (value, { deprecatedProperties = {} }, { warn }) => {
    for (const [name] of entriesOf(value)) {
      const message = deprecatedProperties[name];
      if (message !== undefined) warn(message);
    }
    return undefined;
  },
};

function hasType(value: ConfigValue, name: TypeName): boolean {
  if (value.kind !== "scalar") return name === (value.kind === "map" ? "object" : "array");
  switch (name) {
    case "integer":
      return value.type === "integer" || (value.type === "float" && Number.isInteger(value.value));
    case "number":
      return value.type === "integer" || value.type === "float";
    default:
      return value.type === name;
  }
}

function additionalNames(value: ConfigValue, { properties = {}, patternProperties = [] }: Schema): string[] {
  return [...entriesOf(value)]
    .map(([name]) => name)
    .filter(
      (name) =>
        !Object.hasOwn(properties, name) && !patternProperties.some(([pattern]) => pattern.test(name)),
    );
}

function entriesOf(value: ConfigValue): ConfigMap["entries"] {
  return value.kind === "map" ? value.entries : new Map();
}

function first<T>(
  items: Iterable<T>,
  check: (item: T) => SchemaFailure | undefined,
): SchemaFailure | undefined {
  for (const item of items) {
    const failure = check(item);
    if (failure !== undefined) return failure;
  }
  return undefined;
}

function describe(value: ConfigValue): string {
  if (value.kind === "map") return `a mapping with ${[...value.entries.keys()].join(", ") || "no keys"}`;
  if (value.kind === "list") return `a list of ${value.items.length}`;
  return value.type === "string" ? `'${value.value}'` : pythonText(value);
}
