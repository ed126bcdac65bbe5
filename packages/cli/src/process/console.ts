// What the command line talks to, so that it can be run without a process of its own.

import type { RegistryOptions } from "@spack-oci/buildcache";

/** Where progress goes. */
export interface ProgressStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** What the command line talks to; the process itself by default. */
export interface Console {
  readonly stdout: { readonly isTTY?: boolean | undefined; write(text: string): unknown };
  readonly stderr: ProgressStream;
  readonly environment: NodeJS.ProcessEnv;
  /** Asks for a secret without showing it. */
  readonly readSecret?: ((prompt: string) => Promise<string>) | undefined;
  /** Asks a question that is answered with yes or no; left out where there is nobody to answer. */
  readonly confirm?: ((question: string) => Promise<boolean>) | undefined;
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal;
  /** How registries are spoken to; with the usual patience by default. */
  readonly mirrors?: RegistryOptions | undefined;
}
