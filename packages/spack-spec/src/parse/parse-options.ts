// What the parser may need to know besides the text.

import type { Spec } from "../model/spec.js";

/** The machine whose names `os=fe` and `target=default_target` stand for. */
export interface HostArchitecture {
  readonly platform: string;
  readonly os: string;
  readonly target: string;
}

/** A toolchain of the configuration: a spec, or specs under conditions. */
export type Toolchain = string | readonly { readonly spec: string; readonly when?: string }[];

/** Facts about the instance. */
export interface ParseOptions {
  /** This machine; without it `fe` and the like are taken literally. */
  readonly host?: HostArchitecture;
  /** The `toolchains` section of the configuration, which `%name` can name. */
  readonly toolchains?: ReadonlyMap<string, Toolchain>;
  /** The version that a branch, tag or commit of a package counts as. Spack asks the package's repository. */
  readonly gitVersion?: (name: string, ref: string) => string | undefined;
  /** Reads the spec in a file, where the text names one (`./x.json`); without it that is an error. */
  readonly readSpecFile?: (path: string) => Spec;
}
