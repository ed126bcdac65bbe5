// Items are processed a few at a time, and a failure stops the rest.

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

it("processes every item, a few at once, and starts and returns them in order", async () => {
  const begun: number[] = [];
  let underWay = 0;
  let most = 0;
  const told: number[] = [];
  const work = async (number: number) => {
    begun.push(number);
    underWay += 1;
    most = Math.max(most, underWay);
    await delay(number % 3);
    underWay -= 1;
    return number;
  };
  for await (const number of sideBySide(numbers(50), work, 4)) told.push(number);
  const all = Array.from({ length: 50 }, (_, index) => index);
  expect([begun, told]).toEqual([all, all]);
  expect([underWay, most]).toEqual([0, 4]);
});

it("starts nothing after a failure, waits for items in progress, and closes the source", async () => {
  const failure = new Error("no space left");
  const begun: number[] = [];
  const ended: number[] = [];
  let isClosed = false;
  const items = numbers(50, () => {
    isClosed = true;
  });
  const work = async (number: number) => {
    begun.push(number);
    if (number === 5) throw failure;
    await delay(20);
    ended.push(number);
    return number;
  };
  const told: number[] = [];
  const run = async () => {
    for await (const number of sideBySide(items, work, 4)) told.push(number);
  };
  await expect(run()).rejects.toBe(failure);
  expect(told).toEqual([0, 1, 2, 3, 4]);
  expect(begun.length).toBeLessThan(12);
  expect(ended).toEqual(begun.filter((number) => number !== 5));
  expect(isClosed).toBe(true);
});

it("passes on a failure of the source", async () => {
  async function* broken() {
    yield 1;
    throw new Error("cannot be listed");
  }
  const run = sideBySide(broken(), async () => undefined);
  await expect(run.next().then(() => run.next())).rejects.toThrow("cannot be listed");
});

it("waits for items in progress if the reader stops", async () => {
  let underWay = 0;
  const work = async (number: number) => {
    underWay += 1;
    await delay(5);
    underWay -= 1;
    return number;
  };
  for await (const number of sideBySide(numbers(50), work, 4)) if (number === 3) break;
  expect(underWay).toBe(0);
});
