// Reads one configuration file; it is not an error if it does not exist.

import { readFileSync } from "node:fs";
import { isMissing, SpackOciError } from "@spack-oci/errors";
import { loadYaml } from "./load.js";
import type { ConfigValue } from "./value.js";

/**
 * The data of a configuration file; undefined if the file does not exist or is empty.
 *
 * Source: `lib/spack/spack/config.py`, `read_config_file`.
 *
 * @throws SpackOciError `ERR_CONFIG_FILE` if the file cannot be read, is not UTF-8, or is not YAML.
 */
export function readConfigFile(file: string): ConfigValue | undefined {
  const text = readConfigText(file);
  return text === undefined ? undefined : loadYaml(text, file);
}

/** The text of a configuration file; undefined if it does not exist. Throws like {@link readConfigFile}. */
export function readConfigText(file: string): string | undefined {
  const bytes = readIfPresent(file);
  return bytes === undefined ? undefined : decode(bytes, file);
}

function readIfPresent(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (cause) {
    if (isMissing(cause)) return undefined;
    const code = (cause as NodeJS.ErrnoException).code;
    throw new SpackOciError("ERR_CONFIG_FILE", `Could not read ${file} (${code ?? String(cause)}).`, {
      kind: code === "EACCES" ? "denied" : "failed",
      place: file,
      hint: "Check that the path is a readable file.",
      cause,
    });
  }
}

function decode(bytes: Buffer, file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new SpackOciError("ERR_CONFIG_FILE", `${file} is not UTF-8.`, {
      kind: "usage",
      place: file,
      hint: "Save the file in UTF-8.",
      cause,
    });
  }
}
