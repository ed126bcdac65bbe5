// Layers are held while there is memory for them.

import { expect, it } from "vitest";
import { HeldLayers } from "../../../src/verbs/pull/held-layers.js";

it("holds small layers within the budget, and never a large one", () => {
  const held = new HeldLayers(10, 6);
  expect([held.reserve(6), held.reserve(5), held.reserve(4), held.reserve(0)]).toEqual([
    true,
    false,
    true,
    true,
  ]);
  held.release(6);
  expect([held.reserve(7), held.reserve(6)]).toEqual([false, true]);
});

it("holds nothing without a budget", () => {
  expect(new HeldLayers(0).reserve(1)).toBe(false);
});
