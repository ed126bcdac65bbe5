// The configuration of a machine without Spack: what the user and the system have set for a Spack that is elsewhere.

import type { Configuration } from "../configuration.js";
import { type MirrorEntry, type MirrorFilter, mirrors } from "../derived/mirrors.js";
import { canonicalizePath } from "../paths/canonicalize.js";
import type { PathContext } from "../paths/variables.js";
import type { ValidationContext } from "../sections/match-schema.js";
import type { ConfigScalar } from "../yaml/value.js";

/** The parts of a configuration that need no installation of Spack. */
export class UserConfiguration {
  readonly configuration: Configuration;
  /** The values of path variables. */
  readonly paths: PathContext;
  /** How changes to its files are checked. */
  readonly validation: ValidationContext;

  constructor(parts: Pick<UserConfiguration, "configuration" | "paths" | "validation">) {
    this.configuration = parts.configuration;
    this.paths = parts.paths;
    this.validation = parts.validation;
  }

  /** The mirrors in order. Throws the errors of {@link Configuration.section}. */
  mirrors(filter: MirrorFilter = {}): MirrorEntry[] {
    return mirrors(this.configuration, this.paths, filter);
  }

  /** A path from the configuration, or relative to the working directory, as an absolute path. */
  canonicalize(path: string | ConfigScalar): string {
    return canonicalizePath(path, this.paths);
  }
}
