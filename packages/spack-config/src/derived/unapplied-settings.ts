// Settings that change what Spack installs, but not what this program installs; docs/configuration.md lists all
// settings.

import type { Configuration } from "../configuration.js";
import type { ConfigValue } from "../yaml/value.js";

/** A setting, the values that change an installation, and what does not happen. */
interface UnappliedSetting {
  readonly path: string;
  readonly changes: (value: ConfigValue) => boolean;
  readonly consequence: string;
}

export const UNAPPLIED_SETTINGS: readonly UnappliedSetting[] = [
  {
    // Source: `lib/spack/spack/hooks/absolutify_elf_sonames.py`.
    path: "config:shared_linking:bind",
    changes: (value) => value.kind === "scalar" && value.value === true,
    consequence:
      "the names of pulled libraries are not made absolute; programs find them through their run paths, as before",
  },
  {
    // Source: `lib/spack/spack/hooks/resolve_shared_libraries.py`.
    path: "config:shared_linking:missing_library_policy",
    changes: (value) => value.kind === "scalar" && value.value !== "ignore",
    consequence: "pulled packages are not searched for missing libraries; run `spack verify libraries`",
  },
];

/** A warning for each of these settings that has such a value. Throws the errors of {@link Configuration.section}. */
export function unappliedSettings(configuration: Configuration): string[] {
  return UNAPPLIED_SETTINGS.flatMap(({ path, changes, consequence }) => {
    const value = configuration.get(path);
    return value !== undefined && changes(value) ? [`${path} is not applied: ${consequence}.`] : [];
  });
}
