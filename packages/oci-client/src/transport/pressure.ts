// A host that is slowing down slows down all of its requests at once, not only the one it complained about.
import pLimit, { type LimitFunction } from "p-limit";
import type { HttpRequest } from "../http/http.js";
import type { RateLimit } from "../quirks/host-profile.js";
import { type RetryPolicy, throttleBackoff } from "./backoff.js";
import type { Clock } from "./clock.js";

/** What of a host is being used; the lanes do not wait for one another, so a copy within a host cannot lock up. */
export type Lane = "question" | "download" | "upload";

/** The lane of a request: bytes going out, content coming in, or a short question. */
export function laneOf(request: HttpRequest): Lane {
  if (request.body !== undefined && request.body.size !== 0) return "upload";
  return request.content === true ? "download" : "question";
}

/** The state of one host: until when it wants to be left alone, and how many requests at once it bears. */
export class HostPressure {
  readonly #lanes: Record<Lane, LimitFunction>;
  readonly #most: number;
  readonly #policy: RetryPolicy;
  readonly #clock: Clock;
  readonly #spacing: number;
  #nextStart = 0;
  #quietUntil = 0;
  #complaints = 0;

  /** A second's worth of requests may start at once. */
  constructor(policy: RetryPolicy, clock: Clock, bearable: RateLimit = {}) {
    const { connections = 8, requestsPerSecond = Number.POSITIVE_INFINITY } = bearable;
    this.#most = connections;
    this.#spacing = 1000 / requestsPerSecond;
    this.#policy = policy;
    this.#clock = clock;
    this.#lanes = {
      question: pLimit(connections),
      download: pLimit(connections),
      upload: pLimit(connections),
    };
  }

  /** Runs a task when its lane has room. */
  enter<T>(lane: Lane, task: () => Promise<T>): Promise<T> {
    return this.#lanes[lane](task);
  }

  /** Waits until the host may be asked again; those who wait do not all come back at the same moment. */
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
   * The host complained, asking for `requestedWait` milliseconds or saying no time: everybody waits, fewer at once.
   * Who is asked for more than the policy bears fails, and the others need not wait for that.
   */
  complain(requestedWait: number | undefined): void {
    this.#complaints += 1;
    const bearable = requestedWait !== undefined && requestedWait <= this.#policy.longestRequestedWait;
    const wait = bearable ? requestedWait : throttleBackoff(this.#complaints, this.#policy, this.#clock);
    this.#quietUntil = Math.max(this.#quietUntil, this.#clock.now() + wait);
    for (const lane of Object.values(this.#lanes)) lane.concurrency = Math.max(1, lane.concurrency >> 1);
  }

  /** The host answered without complaint: it bears one request more. */
  relax(): void {
    this.#complaints = Math.max(0, this.#complaints - 1);
    for (const lane of Object.values(this.#lanes)) {
      if (lane.concurrency < this.#most) lane.concurrency += 1;
    }
  }
}

/** The pressure of every host, by origin. */
export class PressureGauge {
  readonly #hosts = new Map<string, HostPressure>();
  readonly #create: (host: string) => HostPressure;

  constructor(policy: RetryPolicy, clock: Clock, bearable: (host: string) => RateLimit) {
    this.#create = (host) => new HostPressure(policy, clock, bearable(host));
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
