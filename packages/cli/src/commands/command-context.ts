// What every command gets to work with, and what it answers with.

import type { Listener, Mirror, Scheduler } from "@spack-oci/buildcache";

/** The world that a command runs in. */
export interface CommandContext {
  readonly scheduler: Scheduler;
  readonly listener: Listener;
  readonly signal: AbortSignal;
  readonly environment: NodeJS.ProcessEnv;
  /** Opens a mirror with the credentials that the environment names. */
  openMirror(name: string): Mirror;
}

/** What a command did: rendered by the caller as text or as one JSON document. */
export interface CommandResult {
  readonly json: unknown;
  /** Lines for standard output. */
  readonly lines: readonly string[];
  readonly status: number;
}
