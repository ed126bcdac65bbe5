// Events as JSON lines.

import type { BuildcacheEvent } from "@spack-oci/buildcache";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createEventLines } from "../../src/render/event-json.js";
import { FAILURE_JSON, failure, named, type node } from "../support/packages.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function linesOf(events: readonly BuildcacheEvent[]): unknown[] {
  const text: string[] = [];
  const { listener, finish } = createEventLines({ write: (part) => text.push(part) });
  for (const event of events) listener(event);
  finish({ type: "result" });
  for (const line of text) expect(line).toMatch(/^\{.*\}\n$/);
  return text.map((line) => JSON.parse(line) as unknown);
}

it("name packages, and have errors in the form of --json", () => {
  const zlib = { ...named("zlib"), dependencies: "not shown" } as unknown as ReturnType<typeof node>;
  expect(
    linesOf([
      { type: "planned", todo: 1, present: 0 },
      { type: "step", package: zlib, step: "packing" },
      { type: "done", package: zlib, outcome: "failed", error: failure() },
      { type: "done", package: named("app"), outcome: "skipped", because: zlib },
      { type: "image", step: "merging", packages: 3 },
    ]),
  ).toEqual([
    { type: "planned", todo: 1, present: 0 },
    { type: "step", package: named("zlib"), step: "packing" },
    { type: "done", package: named("zlib"), outcome: "failed", error: FAILURE_JSON },
    { type: "done", package: named("app"), outcome: "skipped", because: named("zlib") },
    { type: "image", step: "merging", packages: 3 },
    { type: "result" },
  ]);
});

it("add up the bytes between other events", () => {
  const [zlib, app] = [named("zlib"), named("app")];
  expect(
    linesOf([
      { type: "bytes", package: zlib, count: 1 },
      { type: "bytes", package: app, count: 10 },
      { type: "bytes", package: zlib, count: 2 },
      { type: "packed", package: zlib, bytes: 5 },
      { type: "packed", package: zlib, bytes: 7 },
      { type: "done", package: zlib, outcome: "present" },
      { type: "bytes", tag: "t", count: 4 },
    ]),
  ).toEqual([
    { type: "bytes", package: zlib, count: 3 },
    { type: "bytes", package: app, count: 10 },
    { type: "packed", package: zlib, bytes: 7 },
    { type: "done", package: zlib, outcome: "present" },
    { type: "bytes", tag: "t", count: 4 },
    { type: "result" },
  ]);
});

it("do not wait long", () => {
  const text: string[] = [];
  const { listener } = createEventLines({ write: (part) => text.push(part) });
  for (let count = 0; count < 10; count += 1) {
    listener({ type: "bytes", tag: "t", count: 1 });
    vi.advanceTimersByTime(100);
  }
  expect(text.length).toBeGreaterThanOrEqual(2);
  expect(text.length).toBeLessThan(10);
});
