// The error for text that is not YAML as Spack accepts it.

import { SpackOciError } from "@spack-oci/errors";
import type { Mark } from "./value.js";

/** `ERR_CONFIG_FILE` with file, line and reason. */
export function badYaml({ file, line }: Mark, reason: string, cause?: unknown): SpackOciError {
  const place = line === undefined ? file : `${file}:${line}`;
  return new SpackOciError("ERR_CONFIG_FILE", `${place}: invalid YAML: ${reason}.`, {
    kind: "usage",
    place,
    hint: "Fix the file; `spack config edit` opens it.",
    cause,
  });
}
