// Items are worked on a few at a time, and a failure ends it.

import { setTimeout as delay } from "node:timers/promises";
import { expect, it } from "vitest";
import { sideBySide } from "../src/side-by-side.js";

async function* numbers(count: number, closed?: () => void) {
  try {
    for (let number = 0; number < count; number += 1) yield number;
  } finally {
    closed?.();
  }
}

it("works on every item, begins in order, and on a few at once", async () => {
  const begun: number[] = [];
  let underWay = 0;
  let most = 0;
  await sideBySide(
    numbers(50),
    async (number) => {
      begun.push(number);
      underWay += 1;
      most = Math.max(most, underWay);
      await delay(number % 3);
      underWay -= 1;
    },
    4,
  );
  expect(begun).toEqual(Array.from({ length: 50 }, (_, index) => index));
  expect([underWay, most]).toEqual([0, 4]);
});

it("begins nothing after a failure, waits for what was begun, and closes the items", async () => {
  const failure = new Error("no space left");
  const begun: number[] = [];
  const ended: number[] = [];
  let isClosed = false;
  const run = sideBySide(
    numbers(50, () => {
      isClosed = true;
    }),
    async (number) => {
      begun.push(number);
      if (number === 5) throw failure;
      await delay(20);
      ended.push(number);
    },
    4,
  );
  await expect(run).rejects.toBe(failure);
  expect(begun.length).toBeLessThan(12);
  expect(ended).toEqual(begun.filter((number) => number !== 5));
  expect(isClosed).toBe(true);
});

it("passes a failure of the items on", async () => {
  async function* broken() {
    yield 1;
    throw new Error("cannot be listed");
  }
  await expect(sideBySide(broken(), async () => undefined)).rejects.toThrow("cannot be listed");
});
