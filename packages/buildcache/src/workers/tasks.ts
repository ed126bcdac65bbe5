// The tasks that worker threads can do. Arguments and results are plain data.

import type { stageLayer } from "../prefix-writing/stage-layer.js";
import type { writePackage } from "../prefix-writing/write-package.js";
import type { PlainError } from "./plain-error.js";

export interface Tasks {
  readonly writePackage: (
    layer: Uint8Array,
    task: Parameters<typeof writePackage>[1],
  ) => ReturnType<typeof writePackage>;
  readonly stageLayer: typeof stageLayer;
}

/** How a task ended. Errors are data, because threads keep nothing of an error but its message. */
export type TaskOutcome<Name extends keyof Tasks> =
  | { readonly value: Awaited<ReturnType<Tasks[Name]>> }
  | { readonly error: PlainError };
