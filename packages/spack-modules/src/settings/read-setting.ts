// Reads settings by their type. The configuration was validated, so anything else counts as missing.

import type { Setting } from "./module-set.js";

/** A mapping of settings, in order. */
export type Settings = ReadonlyMap<string, Setting>;

/** The strings of a list; none if there is no list. */
export function stringsAt(settings: Settings, key: string): readonly string[] {
  const value = settings.get(key);
  return isList(value) ? value.filter((item) => typeof item === "string") : [];
}

/** A text; undefined if it is missing or empty. */
export function textAt(settings: Settings, key: string): string | undefined {
  const value = settings.get(key);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Whether a switch is on; off if it is missing. */
export function isOn(settings: Settings, key: string): boolean {
  return settings.get(key) === true;
}

/** A mapping; empty if it is missing. */
export function mappingAt(settings: Settings, key: string): Settings {
  const value = settings.get(key);
  return isMapping(value) ? value : new Map();
}

/** A mapping from texts to texts. */
export function textsAt(settings: Settings, key: string): ReadonlyMap<string, string> {
  return new Map([...mappingAt(settings, key)].map(([name, value]) => [name, String(value)]));
}

/** Whether a setting is a mapping. */
export function isMapping(value: Setting | undefined): value is Settings {
  return value instanceof Map;
}

/** Whether a setting is a list. */
export function isList(value: Setting | undefined): value is readonly Setting[] {
  return Array.isArray(value);
}
