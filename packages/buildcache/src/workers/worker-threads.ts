// Runs tasks in worker threads, which start with the first tasks and stop together.

import { SpackOciError } from "@spack-oci/errors";
import pLimit, { type LimitFunction } from "p-limit";
import type { Pool } from "workerpool";
import { fromPlainError } from "./plain-error.js";
import type { TaskOutcome, Tasks } from "./tasks.js";
import { type WorkerScript, workerScript } from "./worker-script.js";

/** A task's arguments, which are copied: the caller may need them again. */
export interface TaskRequest<Name extends keyof Tasks> {
  readonly args: Parameters<Tasks[Name]>;
  /** What the task works on, for the error if its thread dies. */
  readonly place: string;
  /** Arguments that are handed over instead. */
  readonly transfer?: readonly object[] | undefined;
}

/** The threads of one run. */
export class WorkerThreads {
  #count: number;
  readonly #script: WorkerScript | undefined;
  /** Tasks wait here, because workerpool's own queue stands still after a thread has exited. */
  readonly #free: LimitFunction;
  #pool: Promise<Pool> | undefined;

  /** @param count how many run at once; 0 for none */
  constructor(count: number, script: WorkerScript | undefined = workerScript()) {
    this.#count = count;
    this.#script = script;
    this.#free = pLimit(Math.max(1, count));
  }

  /** Whether tasks can run; if not, the caller does their work. */
  get areAvailable(): boolean {
    return this.#count > 0 && this.#script !== undefined;
  }

  /** Whether a task would run at once. */
  get hasFree(): boolean {
    return this.areAvailable && this.#free.activeCount + this.#free.pendingCount < this.#count;
  }

  /** Allows more of them, for tasks that wait more than they compute. */
  allowAtLeast(count: number): void {
    this.#count = Math.max(this.#count, count);
    this.#free.concurrency = Math.max(1, this.#count);
  }

  /** Starts threads before there are tasks for them, so that they load their code while the caller waits for others. */
  warmUp(): void {
    // If they cannot start, each task fails with the reason.
    if (this.areAvailable) this.#start(this.#count).catch(() => {});
  }

  /**
   * @throws SpackOciError `ERR_WORKER_DIED` if the thread ended before the task; other errors as the task throws them
   */
  async run<Name extends keyof Tasks>(
    name: Name,
    { args, place, transfer = [] }: TaskRequest<Name>,
  ): Promise<Awaited<ReturnType<Tasks[Name]>>> {
    const started = this.#start(0);
    let outcome: TaskOutcome<Name>;
    try {
      const ran: unknown = await this.#free(async () => {
        const pool = await started;
        return pool.exec("run", [name, ...args], { transfer: [...transfer] });
      });
      outcome = ran as TaskOutcome<Name>;
    } catch (error) {
      await started; // if no thread could start, this throws the reason
      throw new SpackOciError("ERR_WORKER_DIED", `The thread that worked on ${place} ended unexpectedly.`, {
        kind: "failed",
        place,
        hint: "Run the same command again, with fewer jobs (-j) if memory is short.",
        cause: error,
      });
    }
    if ("error" in outcome) throw fromPlainError(outcome.error);
    return outcome.value;
  }

  /** @param count how many to start before there are tasks for them */
  #start(count: number): Promise<Pool> {
    this.#pool ??= createPool(this.#script ?? { code: "" }, count);
    return this.#pool;
  }

  /** Stops all threads, even in the middle of a task. */
  async stop(): Promise<void> {
    // If there is no pool, each task has failed with the reason.
    const pool = await this.#pool?.catch(() => undefined);
    await pool?.terminate(true);
  }
}

/**
 * Megabytes. Most of what a task creates lives as long as the task, so that a larger young generation would cost memory
 * in every thread without saving much.
 */
const YOUNG_GENERATION = 4;

/**
 * Loaded when it is used, because most runs need no threads.
 *
 * @param count how many threads to start at once
 */
async function createPool(script: WorkerScript, count: number): Promise<Pool> {
  const { default: workerpool } = await import("workerpool");
  const isCode = "code" in script;
  return workerpool.pool(isCode ? script.code : script.file, {
    workerType: "thread",
    minWorkers: count,
    // Tasks that may not run yet are not passed to it.
    maxWorkers: Number.MAX_SAFE_INTEGER,
    workerThreadOpts: { eval: isCode, resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION } },
  });
}
