// Layers are held while there is memory for them.

import { expect, it } from "vitest";
import { MemoryBudget } from "../../src/layers/memory-budget.js";

it("holds small layers within the budget, and never a large one", () => {
  const budget = new MemoryBudget(10, 6);
  expect([budget.take(6), budget.take(5), budget.take(4), budget.take(0)]).toEqual([true, false, true, true]);
  budget.give(6);
  expect([budget.take(7), budget.take(6)]).toEqual([false, true]);
});

it("holds nothing without a budget", () => {
  expect(new MemoryBudget(0).take(1)).toBe(false);
});
