// How long to wait before the next attempt: full jitter, so that many clients do not come back at once.
import type { Clock } from "./clock.js";

/** When and how often requests are made again; times in milliseconds. */
export interface RetryPolicy {
  /** Attempts in all, the first included. */
  readonly attempts: number;
  /** The longest wait before the second attempt; it doubles with each. */
  readonly firstWait: number;
  /** The longest wait that is chosen without being asked for one. */
  readonly longestWait: number;
  /** The longest wait that the other side may ask for; asked for more, the request fails at once. */
  readonly longestRequestedWait: number;
}

/** Six attempts over a quarter of a minute, and up to five minutes where the registry asks for them. */
export const defaultRetryPolicy: RetryPolicy = {
  attempts: 6,
  firstWait: 500,
  longestWait: 30_000,
  longestRequestedWait: 300_000,
};

/**
 * A wait for a host that complained without saying for how long: from twice to four times `firstWait`, doubled with
 * each complaint. It is never short, because such limits are counted by the minute.
 */
export function throttleBackoff(complaints: number, policy: RetryPolicy, clock: Clock): number {
  const patient = { ...policy, firstWait: policy.firstWait * 2 };
  const certain = fullJitter(complaints, patient, { ...clock, random: () => 1 });
  return certain + fullJitter(complaints, patient, clock);
}

/** A wait between nothing and `firstWait` doubled `failures - 1` times, at most `longestWait`. */
export function fullJitter(failures: number, policy: RetryPolicy, clock: Clock): number {
  const ceiling = Math.min(policy.longestWait, policy.firstWait * 2 ** Math.max(0, failures - 1));
  return ceiling * clock.random();
}
