// How the files of a package are relocated.

import type { BinaryFormat } from "../classify/binary-format.js";
import type { PrefixMap } from "../prefixes/prefix-map.js";

export interface Relocation {
  readonly map: PrefixMap;
  /** Of the spec, such as `linux` or `darwin`. Only the strings of binaries of another platform are relocated. */
  readonly platform?: string | undefined;
  /** Called with each file whose signature was made with a developer's identity, and is now ad hoc. */
  readonly onIdentityLost?: ((file: string) => void) | undefined;
}

/** The format whose structure is relocated (Spack: platforms/_platform.py, `binary_formats`). */
export function binaryFormatOfPlatform(platform: string | undefined): BinaryFormat {
  return platform === "darwin" ? "mach-o" : "elf";
}
