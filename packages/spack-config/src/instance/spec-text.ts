// Whether a text is a spec, where a schema wants its keys to be specs.

import { isSpackOciError } from "@spack-oci/errors";
import { parseSpecs } from "@spack-oci/spack-spec";
import { readSpecFile } from "../environment/spec-file.js";

/** Whether Spack's parser accepts the text. Source: `lib/spack/spack/schema/__init__.py`, `_validate_spec`. */
export function isSpec(text: string): boolean {
  try {
    parseSpecs(text, { readSpecFile });
    return true;
  } catch (error) {
    if (isSpackOciError(error)) return false;
    throw error;
  }
}
