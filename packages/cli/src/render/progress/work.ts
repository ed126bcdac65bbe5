// What a run has done, is doing and has left to do, added up from its events.

import type { BuildcacheEvent } from "@spack-oci/buildcache";
import type { Count } from "./event-lines.js";
import { TransferRate } from "./transfer-rate.js";

/** A package or tag that is being worked on. */
export interface Activity {
  readonly name: string;
  readonly step: string;
  /** Milliseconds since the epoch at which the step began. */
  readonly since: number;
  /** Bytes that the step has moved. */
  moved: number;
  /** Bytes that it will move, if known. */
  readonly total: number | undefined;
}

/** How much of a package one step with a known size stands for. */
const SHARE_OF_STEP = 0.9;
/** Milliseconds before the time left is estimated. */
const MIN_ELAPSED = 3000;

export class Work {
  #todo = 0;
  #done = 0;
  #bytes = 0;
  #since: number | undefined;
  #background: string | undefined;
  readonly #rate = new TransferRate();
  readonly #active = new Map<string, Activity>();

  get count(): Count {
    return { done: this.#done, todo: this.#todo };
  }

  /** Bytes moved so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The longest-running first. */
  get active(): readonly Activity[] {
    return [...this.#active.values()];
  }

  /** What is being done for all packages together, such as writing the index. */
  get background(): string | undefined {
    return this.#background;
  }

  take(event: BuildcacheEvent, now: number): void {
    switch (event.type) {
      case "planned":
        this.#plan(event.todo, now);
        break;
      case "step":
        this.#begin(
          event.package.hash,
          { name: event.package.name, step: event.step, total: event.bytes },
          now,
        );
        break;
      case "copying":
        this.#begin(event.tag, { name: event.tag, step: "copying", total: undefined }, now);
        break;
      case "bytes":
        this.#move("package" in event ? event.package.hash : event.tag, event.count, now);
        break;
      case "packed":
        this.#pack(event.package.hash, event.bytes);
        break;
      case "done":
      case "removed":
        this.#finish(event.package.hash);
        break;
      case "copied":
        this.#finish(event.tag);
        break;
      case "checked":
        this.#finish(event.tag);
        break;
      case "index":
        this.#background =
          event.step === "reading" || event.step === "writing" ? `${event.step} the index` : undefined;
        break;
    }
  }

  /** Bytes per second; undefined until there is something to measure. */
  rate(now: number): number | undefined {
    return this.#bytes === 0 ? undefined : this.#rate.perSecond(now);
  }

  /** Milliseconds until everything is done, at the pace so far; undefined while there is nothing to go by. */
  timeLeft(now: number): number | undefined {
    if (this.#since === undefined) return undefined;
    const elapsed = now - this.#since;
    const done = this.#done + this.active.reduce((sum, activity) => sum + shareDone(activity), 0);
    if (elapsed < MIN_ELAPSED || done <= 0 || this.#done >= this.#todo) return undefined;
    return (elapsed * (this.#todo - done)) / done;
  }

  /** Plans of several destinations add up; a plan after finished work, as in a repair, starts a new count. */
  #plan(todo: number, now: number): void {
    if (this.#done >= this.#todo) {
      [this.#todo, this.#done] = [0, 0];
      this.#since = now;
    }
    this.#todo += todo;
  }

  #begin(key: string, step: Pick<Activity, "name" | "step" | "total">, now: number): void {
    this.#active.set(key, { ...step, since: now, moved: 0 });
  }

  #move(key: string, count: number, now: number): void {
    this.#bytes += count;
    this.#rate.add(count, now);
    const activity = this.#active.get(key);
    if (activity !== undefined) activity.moved += count;
  }

  #pack(key: string, bytes: number): void {
    const activity = this.#active.get(key);
    if (activity !== undefined) activity.moved = bytes;
  }

  #finish(key: string): void {
    this.#active.delete(key);
    this.#done += 1;
  }
}

function shareDone({ moved, total }: Activity): number {
  return total === undefined || total === 0 ? 0 : SHARE_OF_STEP * Math.min(1, moved / total);
}
