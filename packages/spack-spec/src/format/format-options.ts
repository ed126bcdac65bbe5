// What a format string may need besides the spec.

import type { Spec } from "../model/spec.js";

/** Facts about the instance, and whether to use colors. */
export interface FormatOptions {
  /** Whether to write escape sequences for colors; false by default. */
  readonly color?: boolean;
  /** The prefix of a concrete spec by its hash, for `{prefix}`. */
  readonly prefixOf?: (hash: string) => string | undefined;
  /** Spack's own directory, for `{spack_root}`. */
  readonly spackRoot?: string;
  /** The root of the install tree, for `{spack_install}`. */
  readonly installTree?: string;
  /** Whether the concrete spec with this hash is installed, for `{installed}`. */
  readonly isInstalled?: (hash: string) => boolean;
}

/** Formats any spec with the current options. */
export type Formatter = (spec: Spec, format: string, options?: { readonly color: boolean }) => string;
