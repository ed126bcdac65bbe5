// Scripted faults: which requests they hit, and what they do to them.
import type { Answer, Question } from "./answer.js";

/** A fault; without any of the effects it only counts. */
export interface Fault {
  /** Which requests: a method, and a pattern for path and query. Left out, any. */
  readonly method?: string;
  readonly path?: RegExp;
  /** A further condition. */
  readonly when?: (question: Question) => boolean;
  /** How many matching requests are let through first; none when left out. */
  readonly after?: number;
  /** How many are hit; one when left out. */
  readonly times?: number;

  /** Milliseconds before anything is answered. */
  readonly delay?: number;
  /** Answers this status instead. */
  readonly status?: number;
  /** Further headers; an empty text removes one. */
  readonly headers?: Record<string, string>;
  /** Answers this body instead. */
  readonly body?: string;
  /** Any other change to the answer. */
  readonly rewrite?: (answer: Answer, question: Question) => Answer;
  /** Cuts the connection after so many bytes of the answer's body. */
  readonly cutAfter?: number;
  /** Ends the answer properly after so many bytes of its body, without having said how many there would be. */
  readonly truncateTo?: number;
  /** Stops sending after so many bytes, and keeps the connection open. */
  readonly stallAfter?: number;
  /** Changes one byte of the answer's body. */
  readonly corruptAt?: number;
  /** Cuts the connection after so many bytes of the request's body. */
  readonly cutRequestAfter?: number;
  /** Stops reading after so many bytes of the request's body, and keeps the connection open. */
  readonly stallRequestAfter?: number;
  /** Does what was asked, and cuts the connection instead of answering. */
  readonly loseAnswer?: boolean;
}

/** The faults of a registry. */
export class FaultScript {
  readonly #entries: { fault: Fault; seen: number; hits: number }[] = [];
  /** Decides about requests that no scripted fault hits. */
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

  /** The first fault that hits a request, which is thereby used up by one. */
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

/** The answer as a fault wants it. */
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
