// A run for tests, which records its events.

import type { BuildcacheEvent } from "../../src/events/events.js";
import type { Run } from "../../src/schedule/run.js";
import { createScheduler } from "../../src/schedule/scheduler.js";

export interface RecordedRun extends Run {
  readonly events: readonly BuildcacheEvent[];
  /** The messages of all warnings so far. */
  warnings(): string[];
}

export function recordedRun(): RecordedRun {
  const events: BuildcacheEvent[] = [];
  return {
    scheduler: createScheduler(4),
    listener: (event) => events.push(event),
    events,
    warnings: () => events.flatMap((event) => (event.type === "warning" ? [event.message] : [])),
  };
}
