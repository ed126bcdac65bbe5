// A configuration scope: a directory with a file for each section, one file with several, or built-in data.

import { join } from "node:path";
import type { PathContext } from "../paths/variables.js";
import type { ValidationContext } from "../sections/match-schema.js";
import type { Schema } from "../sections/schema.js";
import { sectionSchema } from "../sections/sections.js";
import { validate } from "../sections/validate.js";
import { readConfigFile } from "../yaml/read-file.js";
import { byText, type ConfigEntry, type ConfigMap, type ConfigValue } from "../yaml/value.js";

/** What reading a scope needs to know besides its files. */
export interface ScopeContext {
  readonly paths: PathContext;
  readonly validation: ValidationContext;
}

/** Where a scope keeps a section: a file, and the keys that lead to the section in it. */
export interface SectionPlace {
  readonly file: string;
  /** Such as `["spack", "mirrors"]` in `spack.yaml`. */
  readonly keys: readonly string[];
  /** What the whole file must match. */
  readonly schema: Schema;
}

/** One scope of the configuration. */
export interface ConfigScope {
  readonly name: string;
  /** The directory or file; undefined for a built-in scope. */
  readonly path: string | undefined;
  /** Whether a change goes here rather than to the scope that includes it (`prefer_modify`). */
  readonly isPreferred?: boolean | undefined;
  /** Where `section` is written; undefined for a built-in scope. */
  placeOf(section: string): SectionPlace | undefined;
  /**
   * The value of `section` in this scope; undefined if it is not set.
   *
   * @throws SpackOciError `ERR_CONFIG_FILE` or `ERR_CONFIG_FORMAT` if the file is invalid.
   */
  section(section: string): ConfigEntry | undefined;
}

interface DirectoryLayout {
  readonly name: string;
  readonly path: string;
  readonly isPreferred?: boolean;
}

/** A scope of a directory with `config.yaml`, `mirrors.yaml`, ... Source: `config.py`, `DirectoryConfigScope`. */
export class DirectoryScope implements ConfigScope {
  readonly name: string;
  readonly path: string;
  readonly isPreferred: boolean;
  readonly #context: ValidationContext;
  readonly #sections = new Map<string, ConfigEntry | undefined>();

  constructor({ name, path, isPreferred = false }: DirectoryLayout, context: ValidationContext) {
    this.name = name;
    this.path = path;
    this.isPreferred = isPreferred;
    this.#context = context;
  }

  placeOf(section: string): SectionPlace | undefined {
    const schema = sectionSchema(section);
    return schema && { file: this.#fileOf(section), keys: [section], schema };
  }

  section(section: string): ConfigEntry | undefined {
    if (!this.#sections.has(section)) this.#sections.set(section, this.#read(section));
    return this.#sections.get(section);
  }

  #read(section: string): ConfigEntry | undefined {
    const data = readConfigFile(this.#fileOf(section));
    const schema = sectionSchema(section);
    if (data !== undefined && schema !== undefined) validateIfAny(data, schema, this.#context);
    return data?.kind === "map" ? data.entries.get(section) : undefined;
  }

  #fileOf(section: string): string {
    return join(this.path, `${section}.yaml`);
  }
}

/** A file with several sections, and where they are in it. */
interface FileLayout {
  readonly name: string;
  readonly path: string;
  readonly schema: Schema;
  /** The key that contains the sections, such as `spack` in `spack.yaml`. */
  readonly below?: string;
  readonly isPreferred?: boolean;
}

/** A scope of one file with several sections. Source: `config.py`, `SingleFileScope`. */
export class FileScope implements ConfigScope {
  readonly name: string;
  readonly path: string;
  readonly isPreferred: boolean;
  readonly #layout: FileLayout;
  readonly #context: ValidationContext;
  #sections: ConfigMap["entries"] | undefined;

  constructor(layout: FileLayout, context: ValidationContext) {
    this.name = layout.name;
    this.path = layout.path;
    this.isPreferred = layout.isPreferred ?? false;
    this.#layout = layout;
    this.#context = context;
  }

  placeOf(section: string): SectionPlace {
    const { below, schema } = this.#layout;
    return { file: this.path, keys: below === undefined ? [section] : [below, section], schema };
  }

  section(section: string): ConfigEntry | undefined {
    this.#sections ??= this.#read();
    return this.#sections.get(section);
  }

  #read(): ConfigMap["entries"] {
    const { schema, below } = this.#layout;
    const data = readConfigFile(this.path);
    if (data === undefined) return new Map();
    validateIfAny(data, schema, this.#context);
    const sections = below !== undefined && data.kind === "map" ? data.entries.get(below)?.value : data;
    return sections?.kind === "map" ? sections.entries : new Map();
  }
}

/** A built-in scope, such as `_builtin` or `command_line`. Source: `config.py`, `InternalConfigScope`. */
export class InternalScope implements ConfigScope {
  readonly name: string;
  readonly path = undefined;
  readonly #sections: ReadonlyMap<string, ConfigEntry>;

  constructor(name: string, sections: Iterable<ConfigEntry>) {
    this.name = name;
    this.#sections = byText([...sections].map((entry) => markEntry(entry, name)));
  }

  placeOf(): undefined {
    return undefined;
  }

  section(section: string): ConfigEntry | undefined {
    return this.#sections.get(section);
  }
}

/** An entry whose parts are all marked with the name of a built-in scope. Source: `config.py`, `_mark_internal`. */
export function markEntry({ key, value }: ConfigEntry, name: string): ConfigEntry {
  return { key: { ...key, mark: { file: name, line: undefined } }, value: markValue(value, name) };
}

function markValue(value: ConfigValue, name: string): ConfigValue {
  const mark = { file: name, line: undefined };
  if (value.kind === "scalar") return { ...value, mark };
  if (value.kind === "list")
    return { ...value, items: value.items.map((item) => markValue(item, name)), flow: false, mark };
  return {
    ...value,
    entries: byText([...value.entries.values()].map((entry) => markEntry(entry, name))),
    flow: false,
    mark,
  };
}

/** Empty mappings and lists are not validated, as in Spack. */
function validateIfAny(data: ConfigValue, schema: Schema, context: ValidationContext): void {
  const isEmpty =
    (data.kind === "map" && data.entries.size === 0) || (data.kind === "list" && data.items.length === 0);
  const isFalse = data.kind === "scalar" && !data.value;
  if (!isEmpty && !isFalse) validate(data, schema, context);
}
