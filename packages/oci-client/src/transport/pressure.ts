// A host that throttles slows down all of its requests at once, not only the one that it answered.

import pLimit, { type LimitFunction } from "p-limit";
import type { HttpRequest } from "../http/http.js";
import type { RateLimit } from "../quirks/host-profile.js";
import { type RetryPolicy, throttleBackoff } from "./backoff.js";
import type { Clock } from "./clock.js";

/** Concurrent requests in each lane of a host. */
const DEFAULT_CONNECTIONS = 8;

/** The lanes of a host do not wait for each other, so that a copy within a host cannot deadlock. */
export type Lane = "question" | "download" | "upload";

/** The lane of a request: bytes going out, content coming in, or a short question. */
export function laneOf(request: HttpRequest): Lane {
  if (request.body !== undefined && request.body.size !== 0) return "upload";
  return request.content === undefined ? "question" : "download";
}

/** The state of one host: how long to leave it alone, and how many concurrent requests it tolerates. */
export class HostPressure {
  readonly #lanes: Record<Lane, LimitFunction>;
  readonly #max: number;
  readonly #policy: RetryPolicy;
  readonly #clock: Clock;
  readonly #spacing: number;
  #nextStart = 0;
  #quietUntil = 0;
  #throttled = 0;

  /** Requests for one second may start at once. */
  constructor(policy: RetryPolicy, clock: Clock, limit: RateLimit = {}) {
    const { connections = DEFAULT_CONNECTIONS, requestsPerSecond = Number.POSITIVE_INFINITY } = limit;
    this.#max = connections;
    this.#spacing = 1000 / requestsPerSecond;
    this.#policy = policy;
    this.#clock = clock;
    this.#lanes = {
      question: pLimit(connections),
      download: pLimit(connections),
      upload: pLimit(connections),
    };
  }

  /** Runs a task when its lane has a free slot. */
  enter<T>(lane: Lane, task: () => Promise<T>): Promise<T> {
    return this.#lanes[lane](task);
  }

  /** Waits until the host accepts requests again; those who wait do not all return at the same moment. */
  async ready(signal?: AbortSignal): Promise<void> {
    for (;;) {
      const wait = this.#quietUntil - this.#clock.now();
      if (wait <= 0) break;
      await this.#clock.sleep(wait + this.#clock.random() * Math.min(wait, 1000), signal);
    }
    const now = this.#clock.now();
    this.#nextStart = Math.max(this.#nextStart, now - 1000) + this.#spacing;
    if (this.#nextStart > now) await this.#clock.sleep(this.#nextStart - now, signal);
  }

  /**
   * The host throttles, and asks for a wait of `requestedWait` milliseconds or gives no time: all requests wait, and
   * fewer run at once. If it asks for a longer wait than the policy allows, that request fails, and the others do not
   * wait that long.
   */
  throttle(requestedWait: number | undefined): void {
    this.#throttled += 1;
    const isAllowed = requestedWait !== undefined && requestedWait <= this.#policy.maxRequestedWait;
    const wait = isAllowed ? requestedWait : throttleBackoff(this.#throttled, this.#policy, this.#clock);
    this.#quietUntil = Math.max(this.#quietUntil, this.#clock.now() + wait);
    for (const lane of Object.values(this.#lanes)) lane.concurrency = Math.max(1, lane.concurrency >> 1);
  }

  /** The host answered without throttling: it tolerates one more request. */
  relax(): void {
    this.#throttled = Math.max(0, this.#throttled - 1);
    for (const lane of Object.values(this.#lanes)) {
      if (lane.concurrency < this.#max) lane.concurrency += 1;
    }
  }
}

/** The pressure of every host, by origin. */
export class PressureGauge {
  readonly #hosts = new Map<string, HostPressure>();
  readonly #create: (host: string) => HostPressure;

  constructor(policy: RetryPolicy, clock: Clock, limitOf: (host: string) => RateLimit) {
    this.#create = (host) => new HostPressure(policy, clock, limitOf(host));
  }

  /** The pressure of one host. */
  of(origin: string): HostPressure {
    const known = this.#hosts.get(origin);
    if (known !== undefined) return known;
    const created = this.#create(new URL(origin).host);
    this.#hosts.set(origin, created);
    return created;
  }
}
