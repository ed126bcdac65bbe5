// Memory is freed at once, and only that of the buffer.

import { expect, it } from "vitest";
import { freeMemory } from "../src/index.js";

it("frees a large buffer without waiting for the collector", () => {
  const size = 64 * 1024 * 1024;
  const buffer = Buffer.alloc(size, 1);
  const view = buffer.subarray(10, 20);
  const before = process.memoryUsage().arrayBuffers;
  freeMemory(buffer);
  expect(before - process.memoryUsage().arrayBuffers).toBeGreaterThan(size / 2);
  expect([buffer.length, view.length]).toEqual([0, 0]);
  freeMemory(buffer);
});

it("frees the memory of a view that is most of it", () => {
  const buffer = Buffer.alloc(2 * Buffer.poolSize);
  freeMemory(buffer.subarray(0, Buffer.poolSize));
  expect(buffer.length).toBe(0);
});

it("leaves buffers alone that may share memory", () => {
  for (let length = 1; length < Buffer.poolSize; length += 777) {
    const buffer = Buffer.allocUnsafe(length).fill(1);
    freeMemory(buffer);
    expect(buffer).toEqual(Buffer.alloc(length, 1));
  }
});
