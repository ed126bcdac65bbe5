// What every command receives to work with.

import type { Run, Session } from "@spack-oci/buildcache";

/** The context that a command runs in. */
export interface CommandContext {
  /** Spack, its mirrors and its stores, as selected by global options and environment variables. */
  readonly session: Session;
  readonly run: Run;
  /** Prompts for a secret without echoing it, or reads standard input if it is not a terminal. */
  readonly readSecret: (prompt: string) => Promise<string>;
  /** Prompts for a line of text; undefined if there is no terminal to ask on. */
  readonly prompt?: ((question: string) => Promise<string>) | undefined;
  /** Asks a yes-or-no question; undefined if there is no terminal to ask on. */
  readonly confirm?: ((question: string) => Promise<boolean>) | undefined;
  /** Whether the result is printed as JSON. */
  readonly json: boolean;
  /** Whether standard output shows colors. */
  readonly color: boolean;
  /** The width of standard output in characters; undefined if it is not a terminal. */
  readonly columns?: number | undefined;
}
