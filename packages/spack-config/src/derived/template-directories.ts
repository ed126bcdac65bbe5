// Where templates of module files are looked for.

import type { Configuration } from "../configuration.js";
import { canonicalizePath } from "../paths/canonicalize.js";
import type { PathContext } from "../paths/variables.js";
import { type ConfigScalar, type ConfigValue, child, text } from "../yaml/value.js";

/** Spack's own templates. */
const OWN = "$spack/share/spack/templates";

/**
 * The directories in the order of the search: those of the configuration, then those of Spack's extensions.
 *
 * Source: `lib/spack/spack/tengine.py`, `default_template_dirs`; `lib/spack/spack/extensions.py`, `get_template_dirs`.
 *
 * @throws SpackOciError the errors of {@link Configuration.section}.
 */
export function templateDirectories(configuration: Configuration, paths: PathContext): string[] {
  const config = configuration.section("config");
  const directories = listOf(child(config, "template_dirs"), [text(OWN)]);
  const extensions = listOf(child(config, "extensions"), []);
  return [
    ...directories.map((directory) => canonicalizePath(directory as ConfigScalar, paths)),
    ...extensions.map((extension) => `${canonicalizePath(extension as ConfigScalar, paths)}/templates`),
  ];
}

function listOf(value: ConfigValue | undefined, otherwise: readonly ConfigValue[]): readonly ConfigValue[] {
  return value?.kind === "list" ? value.items : otherwise;
}
