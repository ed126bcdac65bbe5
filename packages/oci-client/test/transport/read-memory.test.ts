// Memory is read into again only after everything in it was given back.

import fc from "fast-check";
import { expect, it } from "vitest";
import { ReadMemory } from "../../src/transport/read-memory.js";

const LONG = 256 * 1024;
const step = fc.oneof(
  fc.record({
    kind: fc.constant("read" as const),
    count: fc.integer({ min: 1, max: LONG }),
    skip: fc.nat(2),
  }),
  fc.record({ kind: fc.constantFrom("give back", "leave"), which: fc.nat() }),
  fc.record({ kind: fc.constantFrom("begin", "end") }),
);

it("never hands out memory that a reader still has", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const memory = new ReadMemory();
      const held: Buffer[] = [];
      const relays: (() => void)[] = [];
      let filling = memory.first();
      for (const each of steps) {
        if ("count" in each) {
          const chunk = memory.lend(filling, Math.min(each.count, filling.byteLength));
          filling = memory.next();
          // Some memory also holds the head of an answer.
          const kept = chunk.subarray(Math.min(each.skip, chunk.byteLength - 1));
          held.push(kept);
          if (kept.byteLength < chunk.byteLength) held.push(chunk.subarray(0, 1));
        } else if ("which" in each) {
          const [chunk] = held.splice(each.which % Math.max(1, held.length), 1);
          if (chunk !== undefined && each.kind === "give back") memory.giveBack(chunk);
          if (chunk !== undefined && each.kind === "leave") memory.leave(chunk);
        } else if (each.kind === "begin") {
          relays.push(memory.beginRelay());
        } else {
          relays.pop()?.();
        }
        expect(held.some(({ buffer }) => buffer === filling.buffer)).toBe(false);
      }
    }),
    { numRuns: 300 },
  );
});

it("reads into the same few pieces as long as they come back", () => {
  const memory = new ReadMemory();
  const endRelay = memory.beginRelay();
  const seen = new Set<unknown>();
  let filling = memory.next();
  for (let reads = 0; reads < 100; reads += 1) {
    expect(filling.byteLength).toBe(LONG);
    seen.add(filling.buffer);
    const chunk = memory.lend(filling, LONG - reads);
    filling = memory.next();
    memory.giveBack(chunk);
  }
  expect(seen.size).toBe(2);
  endRelay();
  memory.lend(filling, 1);
  expect(memory.next().byteLength).toBe(64 * 1024);
});

it("gives readers that keep everything memory of the usual size", () => {
  const memory = new ReadMemory();
  const endRelay = memory.beginRelay();
  const sizes = Array.from({ length: 10 }, () => memory.lend(memory.next(), 50_000).buffer.byteLength);
  expect(sizes.filter((size) => size > 64 * 1024).length).toBe(2);
  endRelay();
  const endNext = memory.beginRelay();
  expect(memory.next().byteLength).toBe(LONG);
  endNext();
});
