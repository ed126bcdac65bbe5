// Reading one configuration file: absent is no error, anything else unreadable is.

import { readFileSync } from "node:fs";
import { SpackOciError } from "@spack-oci/errors";
import { loadYaml } from "./load.js";
import type { ConfigValue } from "./value.js";

/**
 * The data of a configuration file; undefined when there is no such file, or when it holds nothing.
 *
 * Source: `lib/spack/spack/config.py`, `read_config_file`.
 *
 * @throws SpackOciError `ERR_CONFIG_FILE` when the file cannot be read, is not UTF-8, or is no YAML.
 */
export function readConfigFile(file: string): ConfigValue | undefined {
  const bytes = readIfPresent(file);
  return bytes === undefined ? undefined : loadYaml(decode(bytes, file), file);
}

function readIfPresent(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new SpackOciError("ERR_CONFIG_FILE", `${file}: cannot be read (${code ?? String(cause)})`, {
      kind: code === "EACCES" ? "denied" : "failed",
      place: file,
      hint: "Check that the path is a file and that you may read it.",
      cause,
    });
  }
}

function decode(bytes: Buffer, file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new SpackOciError("ERR_CONFIG_FILE", `${file}: not UTF-8`, {
      kind: "usage",
      place: file,
      hint: "Save the file in UTF-8.",
      cause,
    });
  }
}
