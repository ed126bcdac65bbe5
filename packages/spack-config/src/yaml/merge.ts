// Merges two scopes as Spack does: mappings by key, stronger keys first; lists by prepending.

import { equalValues } from "./equal.js";
import type { ConfigEntry, ConfigList, ConfigMap, ConfigValue } from "./value.js";

/**
 * `stronger` merged over `weaker`. A key written as `key::` replaces the weaker value, as do null and values of a
 * different type.
 *
 * Source: `lib/spack/spack/schema/__init__.py`, `merge_yaml`.
 */
export function mergeValues(weaker: ConfigValue, stronger: ConfigValue): ConfigValue {
  if (weaker.kind === "list" && stronger.kind === "list") return mergeLists(weaker, stronger);
  if (weaker.kind === "map" && stronger.kind === "map") return mergeMaps(weaker, stronger);
  return stronger;
}

function mergeLists(weaker: ConfigList, stronger: ConfigList): ConfigList {
  const added = weaker.items.filter((item) => !stronger.items.some((other) => equalValues(item, other)));
  return { ...weaker, items: [...stronger.items, ...added] };
}

/** {@link mergeValues} of two mappings. */
export function mergeMaps(weaker: ConfigMap, stronger: ConfigMap): ConfigMap {
  const entries = new Map<string, ConfigEntry>();
  for (const [text, entry] of stronger.entries) {
    const below = weaker.entries.get(text);
    const value =
      below === undefined || entry.key.override ? entry.value : mergeValues(below.value, entry.value);
    entries.set(text, { key: entry.key, value });
  }
  for (const [text, entry] of weaker.entries) {
    if (!entries.has(text)) entries.set(text, entry);
  }
  return { ...weaker, entries };
}
