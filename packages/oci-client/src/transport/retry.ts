// Makes a request again when that can help, and only then.
import { isSpackOciError } from "@spack-oci/errors";
import { ConnectionError } from "../http/connection-error.js";
import type { HttpResponse, Send } from "../http/http.js";
import { requestedWait } from "../http/rate-limit.js";
import { StatusError } from "../http/status-error.js";
import { fullJitter, type RetryPolicy } from "./backoff.js";
import type { Clock } from "./clock.js";
import { isThrottled } from "./gate.js";

/** Repeats what failed for a passing reason. */
export interface Retry {
  readonly policy: RetryPolicy;
  /** The time in milliseconds. */
  now(): number;
  /** Waits before the attempt that follows `failures` failed ones. */
  pause(failures: number, signal?: AbortSignal): Promise<void>;
  /**
   * Runs a task that reads a short answer, and runs it again when the answer came spoilt (cut in the middle without a
   * length, or with other bytes than its digest promises): half as often as requests that fail.
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
          if (failures >= policy.attempts / 2 || !isSpoilt(error)) throw error;
          await pause(failures, signal);
        }
      }
    },
  };
}

/** Makes repeatable requests again after connection errors and after 408, 429, 5xx, and what else asks for patience. */
export function withRetry(next: Send, retry: Retry, clock: Clock): Send {
  return async (request) => {
    if (request.repeatable === false) return next(request);
    for (let failures = 1; ; failures += 1) {
      const last = failures >= retry.policy.attempts;
      try {
        const response = await next(request);
        if (last || !isPassingStatus(response) || asksTooMuch(response, retry.policy, clock)) return response;
        // The gate already holds back everybody for a host that complained.
        if (!isThrottled(response)) await retry.pause(failures, request.signal);
      } catch (error) {
        if (last || !isPassing(error)) throw error;
        await retry.pause(failures, request.signal);
      }
    }
  };
}

/** Whether an error may be gone next time. */
export function isPassing(error: unknown): boolean {
  if (error instanceof ConnectionError) return error.retryable;
  return error instanceof StatusError && (error.kind === "rate-limited" || passingStatuses.has(error.status));
}

const spoiltCodes = new Set(["ERR_OCI_CORRUPT", "ERR_OCI_TAG_LIST", "ERR_OCI_TOKEN"]);

function isSpoilt(error: unknown): boolean {
  return isSpackOciError(error) && spoiltCodes.has(error.code);
}

const passingStatuses = new Set([408, 425, 429, 499, 500, 502, 503, 504, 520, 521, 522, 523, 524]);

function isPassingStatus(response: HttpResponse): boolean {
  return passingStatuses.has(response.status) || isThrottled(response);
}

function asksTooMuch(response: HttpResponse, policy: RetryPolicy, clock: Clock): boolean {
  const wait = requestedWait(response, response.body.toString("utf8"), clock.now());
  return wait !== undefined && wait > policy.longestRequestedWait;
}
