// Makes a test registry fail one request in five, in every temporary way that a client cannot prevent.

import type { Fault } from "./test-registry/faults.js";
import type { TestRegistry } from "./test-registry/test-registry.js";

function someFault(random: () => number, method: string): Fault {
  const faults: Fault[] = [
    { status: 500 },
    { status: 502, body: "<html>bad gateway</html>" },
    { status: 503, headers: { "retry-after": "0" } },
    { status: 429, body: "toomanyrequests: retry-after: 1.5ms, allowed: 2000/minute" },
    { status: 403, body: "You have exceeded a secondary rate limit" },
    { loseAnswer: true },
    { cutRequestAfter: Math.floor(random() * 100_000) },
    ...(method === "GET"
      ? [{ cutAfter: Math.floor(random() * 50_000) }, { truncateTo: Math.floor(random() * 50_000) }]
      : []),
  ];
  return faults[Math.floor(random() * faults.length)] as Fault;
}

/** Fails one request in five, and counts the failures. */
export function makeFlaky(registry: TestRegistry, random: () => number): { faults: number; uploads: number } {
  const forced = { faults: 0, uploads: 0 };
  registry.faultByChance(({ method, url }) => {
    if (random() >= 0.2) return undefined;
    forced.faults += 1;
    if (method === "PUT" && url.pathname.includes("/uploads/")) forced.uploads += 1;
    return someFault(random, method);
  });
  return forced;
}
