// What every command gets to work with.

import type { Run, Session } from "@spack-oci/buildcache";

/** The world that a command runs in. */
export interface CommandContext {
  /** Spack, its mirrors and stores, as the user's options and environment have them. */
  readonly session: Session;
  readonly run: Run;
  /** Asks for a secret without showing it; from standard input where that is no terminal. */
  readonly readSecret: (prompt: string) => Promise<string>;
  /** Asks a question that is answered with yes or no; undefined where there is nobody to answer. */
  readonly confirm?: ((question: string) => Promise<boolean>) | undefined;
  /** Whether the result is printed as JSON. */
  readonly json: boolean;
  /** Whether standard output shows colours. */
  readonly color: boolean;
}
