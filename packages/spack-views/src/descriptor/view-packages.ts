// The packages that views are made of.

import type { SpecGraph, SpecNode } from "@spack-oci/spack-spec";

/** The concrete specs of an environment, and where they are installed. */
export interface ViewPackages {
  readonly graph: SpecGraph;
  /** DAG hashes of the environment's roots, in its order; one that it lists twice is here twice. */
  readonly roots: readonly string[];
  /** The prefix of a package, whether or not it is installed; that of an external is outside of any store. */
  readonly prefixOf: (node: SpecNode) => string;
  /** Whether the database of the store or of an upstream has it as installed. */
  readonly isInstalled: (node: SpecNode) => boolean;
  /** The root of the store, padding included. */
  readonly storeRoot: string;
  /**
   * Called with each file below the view that is a changed copy, and whose signature was made with a developer's identity
   * and is now ad hoc.
   */
  readonly onIdentityLost?: ((node: SpecNode, file: string) => void) | undefined;
}
