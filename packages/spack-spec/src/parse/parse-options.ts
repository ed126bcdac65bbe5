// What the parser may need besides the text.

import type { Spec } from "../model/spec.js";

/** A configured toolchain: a spec, or specs with conditions. */
export type Toolchain = string | readonly { readonly spec: string; readonly when?: string }[];

/** Facts about the instance. */
export interface ParseOptions {
  /** The machine that values such as `os=fe` refer to; without it, they are taken literally. */
  readonly host?: { readonly platform: string; readonly os: string; readonly target: string };
  /** The `toolchains` section of the configuration, which `%name` may refer to. */
  readonly toolchains?: ReadonlyMap<string, Toolchain>;
  /**
   * The version that a branch, tag or commit of a package stands for. Spack looks it up in the package's repository.
   */
  readonly gitVersion?: (name: string, ref: string) => string | undefined;
  /** Reads a spec file such as `./x.json`; without it, spec files are an error. */
  readonly readSpecFile?: (path: string) => Spec;
}
