// Whether a configuration value matches a schema, keyword by keyword.

import { similarWord } from "@spack-oci/errors";
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
  /** What to do about it. */
  readonly advice: string | undefined;
}

/** The first failure, in the order of the schema's keywords; undefined if `value` matches. */
export function firstFailure(
  value: ConfigValue,
  schema: Schema,
  context: ValidationContext,
): SchemaFailure | undefined {
  return failureAt(value, schema, { ...context, path: [], isSecret: false, advice: undefined });
}

/** The context at a nested value. */
interface Position extends ValidationContext {
  readonly path: SchemaFailure["path"];
  /** Whether the value is not quoted in messages. */
  readonly isSecret: boolean;
  /** What to do about a value that does not match; that of the closest schema that has any. */
  readonly advice: string | undefined;
}

function inside(position: Position, step: string | number): Position {
  return { ...position, path: [...position.path, step] };
}

function failureAt(value: ConfigValue, schema: Schema, outer: Position): SchemaFailure | undefined {
  const isSecret = outer.isSecret || schema.secret === true;
  const position = { ...outer, isSecret, advice: schema.advice ?? outer.advice };
  for (const keyword of Object.keys(schema) as (keyof Schema)[]) {
    const failure = CHECKS[keyword](value, schema, position);
    if (failure === undefined) continue;
    const { message, advice } = typeof failure === "string" ? { message: failure } : failure;
    if (typeof failure === "object" && "keyword" in failure) return failure;
    return { keyword, schema, message, value, path: position.path, advice: advice ?? position.advice };
  }
  return undefined;
}

/** What is wrong with a value itself. */
interface Complaint {
  readonly message: string;
  readonly advice?: string | undefined;
}

/** A check returns what is wrong with the value itself, or the failure of a nested value. */
type Check = (
  value: ConfigValue,
  schema: Schema,
  position: Position,
) => string | Complaint | SchemaFailure | undefined;

const CHECKS: Readonly<Record<keyof Schema, Check>> = {
  type: (value, { type = [] }, position) => {
    const names = typeof type === "string" ? [type] : type;
    if (names.some((name) => hasType(value, name))) return undefined;
    return `${describe(value, position)} is not of type ${names.map((name) => `'${name}'`).join(", ")}`;
  },
  enum: (value, { enum: words = [] }, position) =>
    value.kind === "scalar" && value.type === "string" && words.includes(String(value.value))
      ? undefined
      : `${describe(value, position)} is not one of ${words.map((word) => `'${word}'`).join(", ")}`,
  minimum: (value, { minimum = 0 }, position) =>
    value.kind === "scalar" && typeof value.value === "number" && value.value < minimum
      ? `${describe(value, position)} is less than the minimum of ${minimum}`
      : undefined,
  pattern: (value, { pattern }, position) =>
    hasType(value, "string") && !pattern?.test(String((value as ConfigScalar).value))
      ? `${describe(value, position)} does not match '${pattern?.source}'`
      : undefined,
  required: (value, { required = [] }) => {
    const missing = value.kind === "map" ? required.find((name) => !value.entries.has(name)) : undefined;
    return missing === undefined ? undefined : `'${missing}' is a required property`;
  },
  anyOf: (value, { anyOf = [] }, position) => anyAlternative(value, anyOf, position),
  oneOf: (value, { oneOf = [] }, position) => {
    const count = oneOf.filter((schema) => failureAt(value, schema, position) === undefined).length;
    if (count === 0) return anyAlternative(value, oneOf, position);
    return count === 1
      ? undefined
      : `${describe(value, position)} is valid under more than one of the given schemas`;
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
    return unexpectedKeys(extra, schema);
  },
  additionalKeysAreSpecs: (value, { properties = {} }, { isSpec }) => {
    const bad = [...entriesOf(value)].find(([name]) => !Object.hasOwn(properties, name) && !isSpec(name));
    return bad && `the key '${bad[0]}' is not a valid spec`;
  },
  // The rest does not check anything.
  advice: () => undefined,
  removedProperties: () => undefined,
  secret: () => undefined,
  deprecatedProperties: (value, { deprecatedProperties = {} }, { warn }) => {
    for (const [name] of entriesOf(value)) {
      const message = deprecatedProperties[name];
      if (message !== undefined) warn(message);
    }
    return undefined;
  },
};

/**
 * The complaint about a value that no alternative accepts. If only one of them has the value's type, as for a mirror
 * that is a URL or a mapping, what is wrong inside is said. The place remains that of the value, as in Spack.
 */
function anyAlternative(
  value: ConfigValue,
  alternatives: readonly Schema[],
  position: Position,
): Complaint | undefined {
  const failures = alternatives.map((schema) => failureAt(value, schema, position));
  if (failures.includes(undefined)) return undefined;
  const { length } = position.path;
  const inside = failures.filter((failure) => failure?.keyword !== "type" || failure.path.length > length);
  const [only] = inside;
  if (only === undefined || inside.length > 1)
    return { message: `${describe(value, position)} is not valid under any of the given schemas` };
  const where = only.path.length > length ? `${only.path.slice(length).join(":")}: ` : "";
  return { message: `${where}${only.message}`, advice: only.advice };
}

function unexpectedKeys(
  extra: readonly string[],
  { properties = {}, removedProperties = {} }: Schema,
): Complaint {
  const names = extra.map((name) => `'${name}'`).join(", ");
  const known = Object.keys(properties);
  const [meant] = extra.flatMap((name) => similarWord(name, known) ?? []);
  const removed = extra.flatMap((name) => removedProperties[name] ?? []);
  const question = meant === undefined || removed.length > 0 ? "" : `; did you mean '${meant}'?`;
  return {
    message: `unexpected ${extra.length === 1 ? "key" : "keys"} ${names}${question}`,
    advice: removed[0] ?? (meant === undefined ? `The keys here are ${known.join(", ")}.` : undefined),
  };
}

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

function describe(value: ConfigValue, { isSecret }: Position): string {
  if (isSecret && value.kind === "scalar") return "the value";
  if (value.kind === "map") return `a mapping with ${[...value.entries.keys()].join(", ") || "no keys"}`;
  if (value.kind === "list") return `a list of ${value.items.length}`;
  return value.type === "string" ? `'${value.value}'` : pythonScalar(value);
}
