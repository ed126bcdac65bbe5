// The number of threads is limited by all that they need.

import { expect, it } from "vitest";
import { countThreads } from "../../src/workers/count-threads.js";

const plenty = { packages: 10_000, jobs: 64, processors: 64 };

it.each([
  ["memory, on any machine", plenty, 2],
  ["processors, of which the main thread needs one", { ...plenty, processors: 2 }, 1],
  ["a single processor", { ...plenty, processors: 1 }, 0],
  ["jobs", { ...plenty, jobs: 1 }, 1],
  ["packages that repay the start of one", { ...plenty, packages: 79 }, 1],
  ["few packages", { ...plenty, packages: 39 }, 0],
])("is limited by %s", (_, work, expected) => {
  expect(countThreads(work)).toBe(expected);
});
