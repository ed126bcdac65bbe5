// Scripted faults: which requests they hit, and their effects.

import type { Answer, Question } from "./answer.js";

/** A fault; without any effect, it only counts requests. */
export interface Fault {
  /** Which requests it hits: a method, and a pattern for path and query; any if left out. */
  readonly method?: string;
  readonly path?: RegExp;
  /** A further condition. */
  readonly when?: (question: Question) => boolean;
  /** How many matching requests pass first; 0 if left out. */
  readonly after?: number;
  /** How many requests it hits; 1 if left out. */
  readonly times?: number;

  /** Milliseconds before the answer. */
  readonly delay?: number;
  /** What the answer waits for. */
  readonly until?: Promise<void>;
  /** Replaces the status. */
  readonly status?: number;
  /** Additional headers; an empty string removes one. */
  readonly headers?: Record<string, string>;
  /** Replaces the body. */
  readonly body?: string;
  /** Any other change to the answer. */
  readonly rewrite?: (answer: Answer, question: Question) => Answer;
  /** Cuts the connection after this many bytes of the answer's body. */
  readonly cutAfter?: number;
  /** Ends the answer properly after this many bytes of its body, without announcing a length. */
  readonly truncateTo?: number;
  /** Stops sending after this many bytes, and keeps the connection open. */
  readonly stallAfter?: number;
  /** Changes one byte of the answer's body. */
  readonly corruptAt?: number;
  /** Cuts the connection after this many bytes of the request's body. */
  readonly cutRequestAfter?: number;
  /** Stops reading after this many bytes of the request's body, and keeps the connection open. */
  readonly stallRequestAfter?: number;
  /** Processes the request, then cuts the connection instead of answering. */
  readonly loseAnswer?: boolean;
}

/** The faults of a registry. */
export class FaultScript {
  readonly #entries: { fault: Fault; seen: number; hits: number }[] = [];
  /** Decides on requests that no scripted fault hits. */
  chance: ((question: Question) => Fault | undefined) | undefined;

  add(fault: Fault): { readonly hits: number } {
    const entry = { fault, seen: 0, hits: 0 };
    this.#entries.push(entry);
    return entry;
  }

  clear(): void {
    this.#entries.length = 0;
    this.chance = undefined;
  }

  /** The first fault that hits a request; uses it up by one. */
  take(question: Question): Fault | undefined {
    for (const entry of this.#entries) {
      const { method, path, when, after = 0, times = 1 } = entry.fault;
      if (method !== undefined && method !== question.method) continue;
      if (path !== undefined && !path.test(question.url.pathname + question.url.search)) continue;
      if (when !== undefined && !when(question)) continue;
      entry.seen += 1;
      if (entry.seen <= after || entry.hits >= times) continue;
      entry.hits += 1;
      return entry.fault;
    }
    return this.chance?.(question);
  }
}

/** The answer, changed by a fault. */
export function spoil(answer: Answer, fault: Fault, question: Question): Answer {
  const rewritten = fault.rewrite?.(answer, question) ?? answer;
  const replaced = fault.status !== undefined || fault.body !== undefined;
  const headers: Record<string, string> = { ...rewritten.headers, ...fault.headers };
  const kept = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== ""));
  const body = replaced ? Buffer.from(fault.body ?? "") : rewritten.body;
  return {
    status: fault.status ?? rewritten.status,
    headers: kept,
    ...(body === undefined ? {} : { body: corrupt(body, fault.corruptAt) }),
  };
}

function corrupt(body: Buffer, at: number | undefined): Buffer {
  if (at === undefined || at >= body.length) return body;
  const copy = Buffer.from(body);
  copy[at] = (copy[at] ?? 0) ^ 0xff;
  return copy;
}
