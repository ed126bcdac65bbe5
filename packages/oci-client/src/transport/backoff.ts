// How long to wait before the next attempt: with full jitter, so that many clients do not return at once.

import type { Clock } from "./clock.js";

/** When and how often requests are repeated; times are in milliseconds. */
export interface RetryPolicy {
  /** All attempts, including the first. */
  readonly attempts: number;
  /** The longest wait before the second attempt; it doubles with each further one. */
  readonly firstWait: number;
  /** The longest wait without a request from the server. */
  readonly maxWait: number;
  /** The longest wait that the server may ask for; if it asks for more, the request fails at once. */
  readonly maxRequestedWait: number;
}

/** Six attempts over a quarter of a minute, and waits of up to five minutes if the registry asks for them. */
export const DEFAULT_RETRY_POLICY: RetryPolicy = {
  attempts: 6,
  firstWait: 500,
  maxWait: 30_000,
  maxRequestedWait: 300_000,
};

/**
 * The wait for a host that throttles without giving a time: two to four times `firstWait`, doubled each time. It is
 * never short, because such limits are counted per minute.
 */
export function throttleBackoff(throttled: number, policy: RetryPolicy, clock: Clock): number {
  const patient = { ...policy, firstWait: policy.firstWait * 2 };
  const certain = fullJitter(throttled, patient, { ...clock, random: () => 1 });
  return certain + fullJitter(throttled, patient, clock);
}

/** A wait between zero and `firstWait` doubled `failures - 1` times, at most `maxWait`. */
export function fullJitter(failures: number, policy: RetryPolicy, clock: Clock): number {
  const ceiling = Math.min(policy.maxWait, policy.firstWait * 2 ** Math.max(0, failures - 1));
  return ceiling * clock.random();
}
