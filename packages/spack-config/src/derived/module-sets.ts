// The module files that are configured: named sets, with the settings of each module system.

import type { Configuration } from "../configuration.js";
import { canonicalizePath } from "../paths/canonicalize.js";
import { type PathContext, substituteVariables } from "../paths/variables.js";
import { mergeMaps } from "../yaml/merge.js";
import { pythonScalar } from "../yaml/scalar.js";
import {
  type ConfigMap,
  type ConfigScalar,
  type ConfigValue,
  child,
  map,
  type PlainValue,
} from "../yaml/value.js";

/** The module systems that Spack supports. */
type ConfiguredModuleSystem = "tcl" | "lmod";

/** The settings of one module system, in order. */
interface ModuleSystemConfiguration {
  /** Numbers that are not integers are texts, as Python prints them. */
  readonly entries: ReadonlyMap<string, PlainValue>;
  /** Keys written as `key::`. */
  readonly overriding: ReadonlySet<string>;
}

/** A named set of module files. */
export interface ModuleSetConfiguration {
  readonly name: string;
  /** The systems whose files an install writes. */
  readonly enabled: readonly ConfiguredModuleSystem[];
  /** Absolute paths. */
  readonly roots: Readonly<Record<ConfiguredModuleSystem, string>>;
  readonly archFolder: boolean;
  /** The view whose paths replace prefixes; `default` for `use_view: true`, undefined for none. */
  readonly view: string | undefined;
  /** Variables by directory, those of the set first. */
  readonly prefixInspections: ReadonlyMap<string, readonly string[]>;
  readonly settings: Readonly<Record<ConfiguredModuleSystem, ModuleSystemConfiguration>>;
}

/** Spack's roots if none are configured (Spack: modules/common.py, `root_path`). */
const DEFAULT_ROOTS: Readonly<Record<ConfiguredModuleSystem, string>> = {
  tcl: "$spack/share/spack/modules",
  lmod: "$spack/share/spack/lmod",
};

/**
 * All sets, with whatever is enabled in them.
 *
 * Source: `lib/spack/spack/modules/common.py`, `lib/spack/spack/hooks/module_file_generation.py`.
 *
 * @throws SpackOciError the errors of {@link Configuration.section}.
 */
export function moduleSets(configuration: Configuration, paths: PathContext): ModuleSetConfiguration[] {
  const section = configuration.section("modules");
  const entries = section.kind === "map" ? [...section.entries] : [];
  return entries
    .filter(([name]) => name !== "prefix_inspections")
    .map(([name, { value }]) => readSet(name, value, { paths, all: child(section, "prefix_inspections") }));
}

function readSet(
  name: string,
  set: ConfigValue,
  { paths, all }: { readonly paths: PathContext; readonly all: ConfigValue | undefined },
): ModuleSetConfiguration {
  const archFolder = child(set, "arch_folder");
  return {
    name,
    enabled: listAt(set, "enable") as ConfiguredModuleSystem[],
    roots: { tcl: rootOf("tcl", set, paths), lmod: rootOf("lmod", set, paths) },
    archFolder: !(archFolder?.kind === "scalar" && archFolder.value === false),
    view: viewOf(child(set, "use_view")),
    prefixInspections: inspections(asMap(all), asMap(child(set, "prefix_inspections"))),
    settings: { tcl: settingsOf(child(set, "tcl"), paths), lmod: settingsOf(child(set, "lmod"), paths) },
  };
}

function rootOf(system: ConfiguredModuleSystem, set: ConfigValue, paths: PathContext): string {
  const root = child(child(set, "roots"), system) ?? DEFAULT_ROOTS[system];
  return canonicalizePath(root as string | ConfigScalar, paths);
}

function viewOf(value: ConfigValue | undefined): string | undefined {
  if (value?.kind !== "scalar") return undefined;
  if (value.value === true) return "default";
  return typeof value.value === "string" && value.value !== "" ? value.value : undefined;
}

function inspections(all: ConfigMap, own: ConfigMap): Map<string, readonly string[]> {
  const merged = mergeMaps(all, own);
  return new Map(
    [...merged.entries].map(([directory, { value }]) => [directory, settingOf(value) as string[]]),
  );
}

function settingsOf(system: ConfigValue | undefined, paths: PathContext): ModuleSystemConfiguration {
  const { entries } = asMap(system);
  const overriding = [...entries].filter(([, { key }]) => key.override).map(([name]) => name);
  return {
    entries: new Map(
      [...entries].map(([name, { value }]) => [
        name,
        name === "projections" ? projections(value, paths) : settingOf(value),
      ]),
    ),
    overriding: new Set(overriding),
  };
}

/** With variables of paths replaced (Spack: projections.py, `get_projection`). */
function projections(value: ConfigValue, paths: PathContext): PlainValue {
  const formats = [...asMap(value).entries].map(([spec, entry]): [string, PlainValue] => [
    spec,
    substituteVariables(String(settingOf(entry.value)), paths),
  ]);
  return new Map(formats);
}

function settingOf(value: ConfigValue): PlainValue {
  if (value.kind === "list") return value.items.map(settingOf);
  if (value.kind === "map") {
    return new Map([...value.entries].map(([name, entry]) => [name, settingOf(entry.value)]));
  }
  return value.type === "float" ? pythonScalar(value) : value.value;
}

function listAt(value: ConfigValue, name: string): readonly string[] {
  const list = child(value, name);
  return list?.kind === "list" ? list.items.map((item) => String(settingOf(item))) : [];
}

function asMap(value: ConfigValue | undefined): ConfigMap {
  return value?.kind === "map" ? value : map([]);
}
