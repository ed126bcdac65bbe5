// Recognizes and hides passwords where the configuration expects names of variables, and in URLs.

import { hideUserinfo, looksLikeToken } from "@spack-oci/errors";

/**
 * Whether a name can be shown: variables are written in upper case, in words of letters and at most two digits. Spack
 * takes `--oci-password TOKEN` for `--oci-password-variable TOKEN`, so a token may stand where a name is expected.
 */
export function looksLikeVariable(name: string): boolean {
  return name.split("_").every((word) => /^[A-Z]{0,20}\d{0,2}$/.test(word));
}

/** A key of a credential, and its value on a line of YAML, in block or flow style. */
const CREDENTIAL = /\b(id|id_variable|secret_variable|access_token_variable): ['"]?([^'",}]*)/g;

/**
 * A line of configuration with `***` for everything that may be a password. What follows one is hidden too: a password
 * may contain what ends a value.
 */
export function withoutSecrets(line: string): string {
  for (const { 0: found, 1: key = "", 2: value = "", index } of line.matchAll(CREDENTIAL)) {
    const isHarmless = key === "id" ? !looksLikeToken(value) : looksLikeVariable(value);
    if (!isHarmless) return hideUserinfo(`${line.slice(0, index)}${found.split(":")[0]}: '***'`);
  }
  return hideUserinfo(line);
}
