// Registries differ, and what is particular about one comes from three places. This folder is the only one that knows
// products, and the rule is:
//
//   known     what no answer reveals in time, by host name (known-hosts.ts, host-names.ts, github-packages.ts)
//   set       what the user states about a host (host-settings.ts); overrides what is known
//   learned   what the answers of a registry have shown (learned-behavior.ts); starts from what is set
//
// A difference that shows in an answer is not a quirk: it is handled where the answer is read, for all registries
// alike.

import type { HostSettings } from "./host-settings.js";
import type { KnownHost } from "./known-hosts.js";

/** What is particular about a host before its first answer. */
export interface HostProfile {
  readonly known: KnownHost;
  readonly settings: HostSettings;
}

/** How much a host tolerates; no limit if left out. */
export interface RateLimit {
  /** Concurrent requests in each lane. */
  readonly connections?: number | undefined;
  readonly requestsPerSecond?: number | undefined;
}

/** The rate limit of a host. */
export function rateLimitOf({ known, settings }: HostProfile): RateLimit {
  return { requestsPerSecond: known.requestsPerSecond, ...settings };
}

/** The size of the largest blob that a host accepts, in bytes. */
export function maxBlobSizeOf({ known, settings }: HostProfile): number {
  return settings.largestBlob ?? known.maxBlobSize ?? Number.POSITIVE_INFINITY;
}
