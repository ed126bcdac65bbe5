// Signs a Mach-O file that relocation changed, as Spack does with codesign (Spack: binary_distribution.py,
// `relocate_package`). Without a valid signature, Macs with Apple silicon end a program when it loads the file.

import { SpackOciError } from "@spack-oci/errors";
import type { RandomAccess } from "@spack-oci/files";
import type { FileRange } from "../binary-io/file-range.js";
import { UnsupportedMachOError } from "../macho/macho-format.js";
import { signFile } from "../macho/sign/sign-file.js";
import type { Relocation } from "./relocation.js";

/**
 * @param changes what was written to the file
 * @throws SpackOciError `ERR_SIGNATURE_ROOM` if the file has no place for a signature
 */
export function signChanged(
  file: RandomAccess,
  changes: readonly FileRange[],
  { name, onIdentityLost }: Pick<Relocation, "onIdentityLost"> & { readonly name: string },
): void {
  if (changes.length === 0) return;
  try {
    if (signFile(file, { name, changes }).hadIdentity) onIdentityLost?.(name);
  } catch (error) {
    if (!(error instanceof UnsupportedMachOError)) throw error;
    throw new SpackOciError("ERR_SIGNATURE_ROOM", `${name} cannot be signed: ${error.message}.`, {
      kind: "unsupported",
      place: name,
      hint: "Sign the file again where it was built, with `codesign --force --sign -`, and push the package again.",
      cause: error,
    });
  }
}
