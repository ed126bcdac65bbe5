// What reading a scope needs to know besides its files.
import type { PathContext } from "../paths/variables.js";
import type { ValidationContext } from "../sections/match-schema.js";

export interface ScopeContext {
  readonly paths: PathContext;
  readonly validation: ValidationContext;
}
