// The error for a text that is no YAML, or not what Spack accepts of it.
import { SpackOciError } from "@spack-oci/errors";

/** `ERR_CONFIG_FILE` with file, line and reason. */
export function badYaml(
  file: string,
  line: number | undefined,
  reason: string,
  cause?: unknown,
): SpackOciError {
  const place = line === undefined ? file : `${file}:${line}`;
  return new SpackOciError("ERR_CONFIG_FILE", `${place}: not valid YAML: ${reason}`, {
    kind: "usage",
    place,
    hint: "Correct the file; `spack config edit` opens it.",
    cause,
  });
}
