// The error for a text that is no YAML, or not what Spack accepts of it.

import { SpackOciError } from "@spack-oci/errors";
import type { Mark } from "./value.js";

/** `ERR_CONFIG_FILE` with file, line and reason. */
export function badYaml({ file, line }: Mark, reason: string, cause?: unknown): SpackOciError {
  const place = line === undefined ? file : `${file}:${line}`;
  return new SpackOciError("ERR_CONFIG_FILE", `${place}: not valid YAML: ${reason}`, {
    kind: "usage",
    place,
    hint: "Correct the file; `spack config edit` opens it.",
    cause,
  });
}
