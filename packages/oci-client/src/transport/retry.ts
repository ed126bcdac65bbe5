// Repeats a request if that can help, and only then.

import { isSpackOciError } from "@spack-oci/errors";
import { ConnectionError } from "../http/connection-error.js";
import type { HttpResponse, Send } from "../http/http.js";
import { requestedWait } from "../http/rate-limit.js";
import { StatusError } from "../http/status-error.js";
import { fullJitter, type RetryPolicy } from "./backoff.js";
import type { Clock } from "./clock.js";
import { isThrottled } from "./gate.js";

/** Repeats what failed for a temporary reason. */
export interface Retry {
  readonly policy: RetryPolicy;
  /** The time in milliseconds. */
  now(): number;
  /** Waits before the attempt that follows `failures` failed ones. */
  pause(failures: number, signal?: AbortSignal): Promise<void>;
  /**
   * Runs a task that reads a short answer, and repeats it if the answer was damaged (cut without a length, or not
   * matching its digest): half as often as failed requests.
   */
  reread<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

/** A {@link Retry} that follows a policy. */
export function createRetry(policy: RetryPolicy, clock: Clock): Retry {
  const pause = (failures: number, signal?: AbortSignal) =>
    clock.sleep(fullJitter(failures, policy, clock), signal);
  return {
    policy,
    now: clock.now,
    pause,
    reread: async (task, signal) => {
      for (let failures = 1; ; failures += 1) {
        try {
          return await task();
        } catch (error) {
          if (failures >= policy.attempts / 2 || !isDamaged(error)) throw error;
          await pause(failures, signal);
        }
      }
    },
  };
}

/**
 * Repeats repeatable requests after connection errors, after 408, 429 and 5xx, and after other forms of throttling.
 */
export function withRetry(next: Send, retry: Retry, clock: Clock): Send {
  return async (request) => {
    if (request.repeatable === false) return next(request);
    for (let failures = 1; ; failures += 1) {
      const last = failures >= retry.policy.attempts;
      try {
        const response = await next(request);
        if (last || !isTemporaryStatus(response) || asksTooMuch(response, retry.policy, clock))
          return response;
        // The gate already delays all requests to a host that throttles.
        if (!isThrottled(response)) await retry.pause(failures, request.signal);
      } catch (error) {
        if (last || !isTemporary(error)) throw error;
        await retry.pause(failures, request.signal);
      }
    }
  };
}

/** Whether the cause of an error may be temporary. */
export function isTemporary(error: unknown): boolean {
  if (error instanceof ConnectionError) return error.retryable;
  return (
    error instanceof StatusError && (error.kind === "rate-limited" || TEMPORARY_STATUSES.has(error.status))
  );
}

const DAMAGED_CODES = new Set(["ERR_OCI_CORRUPT", "ERR_OCI_TAG_LIST", "ERR_OCI_TOKEN"]);

function isDamaged(error: unknown): boolean {
  return isSpackOciError(error) && DAMAGED_CODES.has(error.code);
}

const TEMPORARY_STATUSES = new Set([408, 425, 429, 499, 500, 502, 503, 504, 520, 521, 522, 523, 524]);

function isTemporaryStatus(response: HttpResponse): boolean {
  return TEMPORARY_STATUSES.has(response.status) || isThrottled(response);
}

function asksTooMuch(response: HttpResponse, policy: RetryPolicy, clock: Clock): boolean {
  const wait = requestedWait(response, response.body.toString("utf8"), clock.now());
  return wait !== undefined && wait > policy.maxRequestedWait;
}
