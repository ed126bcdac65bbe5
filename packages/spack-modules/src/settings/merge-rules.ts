// Collects what the configuration says about one package: the rules for all, then those of matching specs.

import type { Setting, SystemSettings } from "./module-set.js";
import { isList, isMapping, mappingAt, type Settings } from "./read-setting.js";

/**
 * The rules for a package, in the order of the configuration (Spack: modules/common.py, `merge_config_rules`).
 *
 * @param satisfies whether the package satisfies a constraint
 */
export function mergeRules(
  { entries, overriding }: SystemSettings,
  satisfies: (constraint: string) => boolean,
): Settings {
  let rules: Settings = mappingAt(entries, "all");
  for (const [constraint, action] of entries) {
    if (!isMapping(action) || !satisfies(constraint)) continue;
    rules = overriding.has(constraint) ? action : extend(rules, action);
  }
  return rules;
}

/** Lists grow, mappings are merged, anything else is replaced (`update_dictionary_extending_lists`). */
function extend(target: Settings, update: Settings): Settings {
  const extended = new Map<string, Setting>(target);
  for (const [key, value] of update) {
    const before = extended.get(key);
    if (isList(before)) extended.set(key, [...before, ...(isList(value) ? value : [])]);
    else if (isMapping(before) && isMapping(value)) extended.set(key, extend(before, value));
    else extended.set(key, value);
  }
  return extended;
}
