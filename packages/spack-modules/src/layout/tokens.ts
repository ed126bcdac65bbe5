// Checks the fields of naming schemes and of variable names, of which Spack accepts only a few.

import { SpackOciError } from "@spack-oci/errors";

const TOKENS = [
  "name",
  "version",
  "compiler",
  "compiler.name",
  "compiler.version",
  "architecture",
  "package",
  "compilername",
  "compilerver",
];

/**
 * Only fields of a single word are checked, so `{hash:7}` passes and `{hash}` does not (Spack: modules/common.py,
 * `_check_tokens_are_valid`).
 *
 * @throws SpackOciError `ERR_MODULE_TOKEN` (`usage`)
 */
export function requireValidTokens(format: string, what: string): void {
  const fields = [...format.matchAll(/\{([\p{L}\p{N}_]*)\}/gu)].map(([, field = ""]) => field);
  const invalid = fields.filter((field) => !TOKENS.includes(field.toLowerCase()));
  if (invalid.length === 0) return;
  throw new SpackOciError(
    "ERR_MODULE_TOKEN",
    `Some tokens cannot be part of ${what}: ${invalid.join(", ")}.`,
    {
      kind: "usage",
      place: format,
      hint: "Correct it in modules.yaml; `{hash:7}` and `{architecture.target}` are allowed, `{hash}` is not.",
    },
  );
}
