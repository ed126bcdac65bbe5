// Decides where operations run on a file system that is fast, slow, or slow for a while.

import { setImmediate } from "node:timers/promises";
import { expect, it } from "vitest";
import { Pace } from "../src/pace.js";

/** A pace whose operations take the given milliseconds, and where each of them ran. */
function paceOf(milliseconds: () => number) {
  let now = 0;
  const pace = new Pace(() => now);
  const places: string[] = [];
  return {
    pace,
    places,
    run: (bytes?: number) =>
      pace.run(
        () => {
          now += milliseconds();
          return places.push("at once");
        },
        async () => places.push("elsewhere"),
        bytes,
      ),
  };
}

const times = async (count: number, run: () => Promise<unknown>) => {
  for (let index = 0; index < count; index += 1) await run();
};

it("runs everything synchronously while that is fast", async () => {
  const { run, places } = paceOf(() => 0.05);
  await times(1000, run);
  expect(new Set(places)).toEqual(new Set(["at once"]));
});

it("uses the thread pool after slow operations elsewhere, whose bytes do not count", async () => {
  const { run, places, pace } = paceOf(() => 0.05);
  pace.note({ operations: 100, milliseconds: 2000 * 0.02, bytes: 0 });
  expect(pace.isSlow).toBe(false);
  pace.note({ operations: 10, milliseconds: 100, bytes: 50_000_000 });
  expect(pace.isSlow).toBe(false);
  pace.note({ operations: 10, milliseconds: 100, bytes: 0 });
  expect(pace.isSlow).toBe(true);
  await times(300, run);
  expect(places.slice(0, 256)).toEqual(new Array(256).fill("elsewhere"));
  expect(pace.isSlow).toBe(false);
});

it("uses the thread pool if operations are slow, and tries again later", async () => {
  const { run, places } = paceOf(() => 2);
  await times(300, run);
  const first = places.indexOf("elsewhere");
  expect(first).toBeGreaterThan(1);
  expect(first).toBeLessThan(20);
  expect(places.slice(first, first + 256)).toEqual(Array(256).fill("elsewhere"));
  expect(places[first + 256]).toBe("at once");
});

it("returns to synchronous operations when the file system has become fast", async () => {
  let milliseconds = 2;
  const { run, places } = paceOf(() => milliseconds);
  await times(100, run);
  milliseconds = 0.01;
  await times(1000, run);
  expect(places.slice(-600)).toEqual(Array(600).fill("at once"));
});

it("tolerates a single slow operation", async () => {
  const durations = [3000];
  const { run, places } = paceOf(() => durations.pop() ?? 0.05);
  await times(100, run);
  expect(places).not.toContain("elsewhere");
});

it("does not mistake large reads for slow ones", async () => {
  const { run, places } = paceOf(() => 1.9);
  await times(100, () => run(1024 * 1024));
  expect(places).not.toContain("elsewhere");
});

it("yields to the event loop although it never waits", async () => {
  const { run, places } = paceOf(() => 0.4);
  let turns = 0;
  let isDone = false;
  const others = (async () => {
    while (!isDone) {
      await setImmediate();
      turns += 1;
    }
  })();
  await times(1000, run);
  isDone = true;
  await others;
  expect(places).not.toContain("elsewhere");
  expect(turns).toBeGreaterThan(30);
});

it("passes on failures from both variants", async () => {
  const { run } = paceOf(() => {
    throw new Error("no such file");
  });
  await expect(run()).rejects.toThrow("no such file");
});
