// Whether a configuration value matches a schema, keyword by keyword.

import { pythonScalar } from "../yaml/scalar.js";
import { type ConfigMap, type ConfigScalar, type ConfigValue, child } from "../yaml/value.js";
import type { Schema, TypeName } from "./schema.js";

/** What validation needs besides the schema. */
export interface ValidationContext {
  /** Whether a text is a valid spec. */
  readonly isSpec: (text: string) => boolean;
  /** Receives the message of a deprecated key. */
  readonly warn: (message: string) => void;
}

/** Why and where a value does not match. */
export interface SchemaFailure {
  /** The keyword that failed. */
  readonly keyword: keyof Schema;
  readonly schema: Schema;
  readonly message: string;
  readonly value: ConfigValue;
  readonly path: readonly (string | number)[];
}

/** The first failure, in the order of the schema's keywords; undefined if `value` matches. */
export function firstFailure(
  value: ConfigValue,
  schema: Schema,
  context: ValidationContext,
): SchemaFailure | undefined {
  return failureAt(value, schema, { ...context, path: [] });
}

/** The context at a nested value. */
interface Position extends ValidationContext {
  readonly path: SchemaFailure["path"];
}

function inside(position: Position, step: string | number): Position {
  return { ...position, path: [...position.path, step] };
}

function failureAt(value: ConfigValue, schema: Schema, position: Position): SchemaFailure | undefined {
  for (const keyword of Object.keys(schema) as (keyof Schema)[]) {
    const failure = CHECKS[keyword](value, schema, position);
    if (failure === undefined) continue;
    const { path } = position;
    return typeof failure === "string" ? { keyword, schema, message: failure, value, path } : failure;
  }
  return undefined;
}

/** A check returns a message about the value itself, or the failure of a nested value. */
type Check = (value: ConfigValue, schema: Schema, position: Position) => string | SchemaFailure | undefined;

const CHECKS: Readonly<Record<keyof Schema, Check>> = {
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
  anyOf: (value, { anyOf = [] }, position) =>
    anyOf.some((schema) => failureAt(value, schema, position) === undefined)
      ? undefined
      : `${describe(value)} is not valid under any of the given schemas`,
  oneOf: (value, { oneOf = [] }, position) => {
    const count = oneOf.filter((schema) => failureAt(value, schema, position) === undefined).length;
    if (count === 1) return undefined;
    return `${describe(value)} is ${count === 0 ? "not valid under any" : "valid under more than one"} of the given schemas`;
  },
  items: (value, { items = {} }, position) =>
    value.kind === "list"
      ? first(value.items.entries(), ([index, item]) => failureAt(item, items, inside(position, index)))
      : undefined,
  properties: (value, { properties = {} }, position) =>
    first(Object.entries(properties), ([name, schema]) => {
      const member = child(value, name);
      return member && failureAt(member, schema, inside(position, name));
    }),
  patternProperties: (value, { patternProperties = [] }, position) =>
    first(patternProperties, ([pattern, schema]) =>
      first(entriesOf(value), ([name, { value: member }]) =>
        pattern.test(name) ? failureAt(member, schema, inside(position, name)) : undefined,
      ),
    ),
  additionalProperties: (value, schema, position) => {
    const extra = additionalNames(value, schema);
    const { additionalProperties } = schema;
    if (typeof additionalProperties === "object") {
      return first(extra, (name) => {
        const member = child(value, name);
        return member && failureAt(member, additionalProperties, inside(position, name));
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
  return value.type === "string" ? `'${value.value}'` : pythonScalar(value);
}
