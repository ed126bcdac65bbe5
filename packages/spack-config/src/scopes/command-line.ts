// The strongest scope, made of the `-c section:key:value` options of a command line.

import { SpackOciError } from "@spack-oci/errors";
import { firstFailure, type ValidationContext } from "../sections/match-schema.js";
import type { Schema } from "../sections/schema.js";
import { sectionSchema } from "../sections/sections.js";
import { unknownSection } from "../sections/unknown-section.js";
import { validate } from "../sections/validate.js";
import { loadYaml } from "../yaml/load.js";
import { mergeValues } from "../yaml/merge.js";
import {
  byText,
  type ConfigEntry,
  type ConfigKey,
  type ConfigValue,
  child,
  key,
  list,
  map,
  text,
} from "../yaml/value.js";
import { type PathPart, parseConfigPath } from "./config-path.js";
import { InternalScope, markEntry } from "./scope.js";
import { upgradeSection } from "./upgrade.js";

const NAME = "command_line";
const NOTHING: ConfigValue = { kind: "scalar", type: "null", value: null, mark: undefined };

/**
 * The scope of the options, applied in order. The signs `+` and `-` after a key are ignored, as in Spack.
 *
 * Source: `lib/spack/spack/config.py`, `add` and `Configuration.set`.
 *
 * @throws SpackOciError `ERR_CONFIG_PATH` for an option that is not a path, `ERR_CONFIG_SECTION` for an unknown
 *   section, `ERR_CONFIG_FORMAT` for a value that the section does not accept.
 */
export function commandLineScope(options: readonly string[], context: ValidationContext): InternalScope {
  const sections = options.reduce(
    (all, option) => addOption(all, option, context),
    new Map<string, ConfigEntry>(),
  );
  return new InternalScope(NAME, sections.values());
}

type Sections = ReadonlyMap<string, ConfigEntry>;

function addOption(sections: Sections, option: string, context: ValidationContext): Map<string, ConfigEntry> {
  const parts = parseConfigPath(option);
  const last = parts.pop();
  if (last === undefined || parts.length === 0) throw noValue(option);
  const value = last.isLiteral ? text(last.text) : (loadYaml(last.text, `-c ${option}`) ?? NOTHING);
  const { path, existing, below } = findExisting(sections, parts, context);
  const nested = below.reduceRight((inner, part) => map([{ key: keyOf(part), value: inner }]), value);
  const added = existing?.kind === "list" && nested.kind !== "list" ? list([nested]) : nested;
  const merged = existing === undefined ? added : mergeValues(existing, added);
  return setPath(sections, { path, value: merged }, context);
}

interface Existing {
  /** The path as far as it exists in the scope, plus one key. */
  readonly path: string;
  /** The value there, or an empty one of the type in the schema; undefined if any type is allowed. */
  readonly existing: ConfigValue | undefined;
  /** The parts of the path that do not exist yet. */
  readonly below: readonly PathPart[];
}

function findExisting(sections: Sections, parts: readonly PathPart[], context: ValidationContext): Existing {
  let path = "";
  let existing: ConfigValue | undefined;
  for (const [index, part] of parts.entries()) {
    const previous = parts[index - 1];
    path += `${previous === undefined ? "" : previous.override ? "::" : ":"}${part.text}`;
    const suffix = part.override ? "::" : "";
    existing = lookUp(sections, path);
    if (existing === undefined) {
      return { path: path + suffix, existing: emptyValueFor(path, context), below: parts.slice(index + 1) };
    }
    if (index === parts.length - 1) path += suffix;
  }
  return { path, existing, below: [] };
}

function lookUp(sections: Sections, path: string): ConfigValue | undefined {
  const [section, ...keys] = parseConfigPath(path);
  const name = section?.text ?? "";
  schemaOf(name);
  return keys.reduce<ConfigValue | undefined>(
    (value, part) => child(value, part.text),
    sectionValue(sections, name),
  );
}

function sectionValue(sections: Sections, name: string): ConfigValue {
  const entry = sections.get(name);
  return entry === undefined ? map([]) : upgradeSection(name, entry).value;
}

function setPath(
  sections: Sections,
  { path, value }: { readonly path: string; readonly value: ConfigValue },
  context: ValidationContext,
): Map<string, ConfigEntry> {
  const [section, ...parts] = parseConfigPath(path);
  const name = section?.text ?? "";
  const schema = schemaOf(name);
  const entry = {
    key: section === undefined || parts.length === 0 ? key(name) : keyOf(section),
    value: parts.length === 0 ? value : setIn(sectionValue(sections, name), parts, value),
  };
  validate(map([entry]), schema, context);
  return new Map(sections).set(name, markEntry(entry, NAME));
}

function setIn(data: ConfigValue, [part, ...rest]: readonly PathPart[], value: ConfigValue): ConfigValue {
  if (part === undefined) return value;
  const entries = data.kind === "map" ? new Map(data.entries) : new Map<string, ConfigEntry>();
  const old = entries.get(part.text);
  const isReplaced = old === undefined || part.override;
  const below = isReplaced ? map([]) : old.value;
  if (isReplaced) entries.delete(part.text);
  entries.set(part.text, { key: isReplaced ? keyOf(part) : old.key, value: setIn(below, rest, value) });
  return { ...map([]), entries: byText(entries.values()) };
}

/** An empty value of the type that the schema requires at `path`. Source: `config.py`, `get_valid_type`. */
function emptyValueFor(path: string, context: ValidationContext): ConfigValue | undefined {
  const parts = parseConfigPath(path);
  const probe = parts.reduceRight((inner, part) => map([{ key: keyOf(part), value: inner }]), NOTHING);
  const failure = firstFailure(probe, schemaOf(parts[0]?.text ?? ""), context);
  if (failure === undefined) return undefined;
  const { keyword, schema } = failure;
  const alternatives = keyword === "anyOf" || keyword === "oneOf" ? (schema[keyword] ?? []) : [];
  const type = keyword === "type" ? schema.type : alternatives.find((each) => each.type !== undefined)?.type;
  if (typeof type !== "string") {
    throw new SpackOciError(
      "ERR_CONFIG_PATH",
      `${path} is not a valid configuration path: ${failure.message}.`,
      {
        kind: "usage",
        place: path,
        hint: "Check the spelling of the keys.",
      },
    );
  }
  if (type === "array") return list([]);
  return type === "object" ? map([]) : text("");
}

function keyOf({ text: name, override }: PathPart): ConfigKey {
  return { ...key(name), override };
}

function schemaOf(section: string): Schema {
  const schema = sectionSchema(section);
  if (schema !== undefined) return schema;
  throw unknownSection(section);
}

function noValue(option: string): SpackOciError {
  return new SpackOciError("ERR_CONFIG_PATH", `-c ${option} has no value.`, {
    kind: "usage",
    place: option,
    hint: "Write it as -c section:key:value.",
  });
}
