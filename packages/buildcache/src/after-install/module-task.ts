// One module file to write, and how that can end.

import type { ModuleSystem, ModuleTree } from "@spack-oci/spack-modules";
import type { SpecNode } from "@spack-oci/spack-spec";
import type { PackageName } from "../events/events.js";

/** A package and one system in one set. */
export interface ModuleTask {
  readonly tree: ModuleTree;
  readonly node: SpecNode;
}

/** A module file that was written. */
export interface ModuleFile {
  readonly package: PackageName;
  /** The name of the set, such as `default`. */
  readonly set: string;
  readonly system: ModuleSystem;
  /** Absolute path. */
  readonly path: string;
}

/** How a task ended. */
export type TaskOutcome =
  /** The configuration excludes the package. */
  | { readonly outcome: "excluded" }
  | { readonly outcome: "written" | "exists"; readonly path: string }
  | { readonly outcome: "failed"; readonly reason: string }
  /** Spack would have to do it, and could not. */
  | { readonly outcome: "left"; readonly reason: string };

/** A task that is over. */
export interface EndedTask extends ModuleTask {
  readonly end: TaskOutcome;
  /** Set if the file lacks what recipes add, because Spack could not write it: the reason. */
  readonly lacksRecipe?: string;
}
