// Upgrades older formats of sections, as Spack does when it reads them.

import { pythonScalar } from "../yaml/scalar.js";
import { byText, type ConfigEntry, type ConfigValue, child, key, list, map, text } from "../yaml/value.js";

/**
 * A section in the newest format: versions of packages are strings (an unquoted `3.30` is `3.3`), and the short form of
 * `shared_linking` is expanded.
 *
 * Source: `update` in `lib/spack/spack/schema/packages.py` and `lib/spack/spack/schema/config.py`.
 */
export function upgradeSection(section: string, entry: ConfigEntry): ConfigEntry {
  if (section === "packages") return { ...entry, value: withVersionStrings(entry.value) };
  if (section === "config") return { ...entry, value: withSharedLinking(entry.value) };
  return entry;
}

function withVersionStrings(packages: ConfigValue): ConfigValue {
  if (packages.kind !== "map") return packages;
  const entries = [...packages.entries.values()].map((entry) => {
    const versions = child(entry.value, "version");
    if (versions?.kind !== "list" || versions.items.every(isString)) return entry;
    const strings = versions.items.map((item) => text(item.kind === "scalar" ? pythonScalar(item) : ""));
    return { ...entry, value: replace(entry.value, "version", list(strings)) };
  });
  return { ...packages, entries: byText(entries) };
}

function withSharedLinking(config: ConfigValue): ConfigValue {
  const linking = child(config, "shared_linking");
  if (linking?.kind !== "scalar" || linking.type !== "string") return config;
  const bind: ConfigValue = { kind: "scalar", type: "boolean", value: false, mark: undefined };
  const written = map([
    { key: key("type"), value: linking },
    { key: key("bind"), value: bind },
  ]);
  return replace(config, "shared_linking", written);
}

function replace(value: ConfigValue, name: string, inside: ConfigValue): ConfigValue {
  if (value.kind !== "map") return value;
  const entries = [...value.entries.values()].map((entry) =>
    entry.key.text === name ? { ...entry, value: inside } : entry,
  );
  return { ...value, entries: byText(entries) };
}

function isString(value: ConfigValue): boolean {
  return value.kind === "scalar" && value.type === "string";
}
