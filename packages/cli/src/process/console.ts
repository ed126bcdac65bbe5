// The streams and settings that the command line uses, so that it can run inside another process.

import type { RegistryOptions, SessionOptions } from "@spack-oci/buildcache";

/** A stream that may be a terminal. */
export interface OutputStream {
  readonly isTTY?: boolean | undefined;
  /** The width of the terminal in characters. */
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** The surroundings of a run: usually the process's own. */
export interface Console {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly environment: NodeJS.ProcessEnv;
  /** Prompts for a secret without echoing it. */
  readonly readSecret?: ((prompt: string) => Promise<string>) | undefined;
  /** Prompts for a line of text; omitted if there is no terminal to ask on. */
  readonly prompt?: ((question: string) => Promise<string>) | undefined;
  /** Asks a yes-or-no question; omitted if there is no terminal to ask on. */
  readonly confirm?: ((question: string) => Promise<boolean>) | undefined;
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal;
  /** How to talk to registries; the usual timeouts and retries by default. */
  readonly mirrors?: RegistryOptions | undefined;
  /** The machine that packages are chosen for; this one by default. */
  readonly host?: SessionOptions["host"] | undefined;
}
