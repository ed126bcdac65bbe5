// Events as JSON lines, for programs that follow a run.

import type { BuildcacheEvent, Listener } from "@spack-oci/buildcache";
import { isSpackOciError } from "@spack-oci/errors";
import type { OutputStream } from "../process/console.js";
import { errorToJson } from "./json.js";
import { packageToJson } from "./packages.js";

/** Milliseconds that the bytes of one package or tag are added up before they are written as one event. */
const INTERVAL = 250;

/** Writes events as they occur, one line each. */
export interface EventLines {
  readonly listener: Listener;
  /** Writes a last line. */
  finish(last: object): void;
}

export function createEventLines(stream: OutputStream): EventLines {
  const pending = new Map<string, { event: CountedEvent; since: number }>();
  const write = (document: object) => void stream.write(`${JSON.stringify(document)}\n`);
  const flush = () => {
    for (const { event } of pending.values()) write(eventToJson(event));
    pending.clear();
  };
  return {
    listener(event) {
      if (event.type !== "bytes" && event.type !== "packed") {
        flush();
        write(eventToJson(event));
        return;
      }
      const key = `${event.type} ${"package" in event ? event.package.hash : event.tag}`;
      const before = pending.get(key);
      const since = before?.since ?? Date.now();
      pending.set(key, { event: added(before?.event, event), since });
      if (Date.now() - since >= INTERVAL) flush();
    },
    finish(last) {
      flush();
      write(last);
    },
  };
}

/** Events of which there are many, each a small step. */
type CountedEvent = Extract<BuildcacheEvent, { type: "bytes" | "packed" }>;

function added(before: CountedEvent | undefined, event: CountedEvent): CountedEvent {
  if (before?.type !== "bytes" || event.type !== "bytes") return event;
  return { ...event, count: before.count + event.count };
}

/** An event in the form that docs/schema/events.json describes. */
function eventToJson(event: BuildcacheEvent): Readonly<Record<string, unknown>> {
  const { package: node, because, error, ...rest } = event as AnyEvent;
  return {
    ...rest,
    ...(node === undefined ? {} : { package: packageNameOf(node) }),
    ...(because === undefined ? {} : { because: packageNameOf(because) }),
    ...(isSpackOciError(error) ? { error: errorToJson(error) } : {}),
  };
}

/** The parts of events that are objects of this program. */
interface AnyEvent {
  readonly type: string;
  readonly package?: unknown;
  readonly because?: unknown;
  readonly error?: unknown;
}

/** A package itself, or how many packages there are. */
function packageNameOf(node: unknown): unknown {
  return typeof node === "object" ? packageToJson(node as Parameters<typeof packageToJson>[0]) : node;
}
