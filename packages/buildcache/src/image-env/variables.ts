// Reads and writes the variables of an image as its config lists them.

/** Spack's assumption if an image sets no PATH. */
const DEFAULT_PATH = "/bin:/usr/bin";

/**
 * The variables of a base image by name. PATH always exists and comes first (Spack: binary_distribution.py,
 * `_oci_retrieve_env_dict_from_config`).
 *
 * @param list `NAME=VALUE`, as in `config.Env` (OCI image specification, "Image Configuration")
 */
export function parseVariables(list: readonly string[]): Map<string, string> {
  const variables = new Map([["PATH", DEFAULT_PATH]]);
  for (const entry of list) {
    const [, name = entry, value = ""] = /^([^=]*)=(.*)$/s.exec(entry) ?? [];
    variables.set(name, value);
  }
  return variables;
}

/** Variables as `NAME=VALUE`. */
export function formatVariables(variables: ReadonlyMap<string, string>): string[] {
  return [...variables].map(([name, value]) => `${name}=${value}`);
}
