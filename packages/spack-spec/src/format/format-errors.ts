// The errors of format strings.

import { SpackOciError } from "@spack-oci/errors";

/** A format string that cannot be printed (Spack's `SpecFormatStringError`). */
export function formatError(message: string): SpackOciError {
  return new SpackOciError("ERR_SPEC_FORMAT", message, {
    kind: "usage",
    hint: "A format string looks like {name}{@version}{/hash:7}; write \\{ for a brace.",
  });
}

/** A sigil before an attribute that does not take it (Spack's `SpecFormatSigilError`). */
export function sigilError(sigil: string, requirement: string, used: string): SpackOciError {
  return new SpackOciError(
    "ERR_SPEC_FORMAT_SIGIL",
    `The sigil ${sigil} may only be used for ${requirement}. It was used with the attribute ${used}.`,
    { kind: "usage", hint: "@ goes with versions, % with compilers and / with hashes." },
  );
}

/** A dependency in a format string that the spec does not have (Python's `KeyError` in Spack). */
export function dependencyError(name: string, spec: string): SpackOciError {
  return new SpackOciError("ERR_SPEC_FORMAT_DEPENDENCY", `No spec with name ${name} in ${spec}`, {
    kind: "usage",
    hint: "Only direct, link and run dependencies can follow ^.",
  });
}

/** A format string that is not a path (Spack's `SpecFormatPathError`). */
export function pathFormatError(format: string): SpackOciError {
  return new SpackOciError(
    "ERR_SPEC_FORMAT_PATH",
    `Invalid path format string: cannot contain {/...}\n\t${format}`,
    { kind: "usage", hint: "Write {hash} instead of {/hash} in directory names." },
  );
}
