// Progress on a terminal and elsewhere.

import type { BuildcacheEvent } from "@spack-oci/buildcache";
import { SpackOciError } from "@spack-oci/errors";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createProgress } from "../../src/render/progress.js";

const zlib = { name: "zlib", version: "1.3.1", hash: "abcdefghijklmnopqrstuvwxyz234567" };
const cmake = { ...zlib, name: "cmake", version: "3.31", hash: "bcdefghijklmnopqrstuvwxyz2345672" };
const denied = new SpackOciError("ERR_TEST", "host: refused\nagain", {
  kind: "denied",
  place: "host",
  hint: "Log in.",
  cause: new Error("outer", { cause: new Error("the innermost words") }),
});

const events: BuildcacheEvent[] = [
  { type: "planned", todo: 3, present: 1 },
  { type: "warning", message: "no index" },
  { type: "step", package: zlib, step: "fetching", bytes: 2000 },
  { type: "bytes", package: zlib, count: 1500 },
  { type: "step", package: cmake, step: "packing" },
  { type: "done", package: zlib, outcome: "done", bytes: 2000, seconds: 1.5 },
  { type: "done", package: cmake, outcome: "failed", error: denied },
  { type: "done", package: { ...zlib, name: "app" }, outcome: "skipped", because: cmake },
  { type: "index", step: "reading", specs: 0 },
  { type: "index", step: "written", specs: 4 },
  { type: "index", step: "unchanged", specs: 4 },
  { type: "view", name: "v", root: "/v", outcome: "updated", packages: 1, conflicts: 0 },
  { type: "view", name: "w", root: "/w", outcome: "failed", error: denied },
];

const lines = [
  "3 to do, 1 already present",
  "warning: no index",
  "[1/3] zlib@1.3.1/abcdefg (2.0 kB, 1.50 s)",
  "[2/3] failed cmake@3.31/bcdefgh: host: refused",
  "  again",
  "  cause: the innermost words",
  "  Log in.",
  "[3/3] skipped app@1.3.1/abcdefg: its dependency cmake@3.31/bcdefgh failed",
  "wrote the index (4 packages)",
  "the index is up to date (4 packages)",
  "failed to update the view /w: host: refused",
  "  again",
  "  cause: the innermost words",
  "  Log in.",
];

function written(isTTY: boolean, columns?: number): string {
  let text = "";
  const write = (part: string) => {
    text += part;
  };
  const progress = createProgress({ isTTY, columns, write });
  for (const event of events) {
    vi.advanceTimersByTime(200);
    progress.listener(event);
  }
  progress.finish();
  return text;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("progress", () => {
  it("is one line per notable event without a terminal", () => {
    expect(written(false)).toBe(`${lines.join("\n")}\n`);
  });

  it("shows a live line on a terminal, cleared at the end", () => {
    const text = written(true);
    expect(text).toContain("\r\x1b[K0/3  1.5 kB  fetching zlib");
    expect(text).toContain("\r\x1b[K1/3  1.5 kB  packing cmake");
    expect(text.endsWith("\r\x1b[K")).toBe(true);
    for (const line of lines) expect(text).toContain(`${line}\n`);
    // What the terminal shows at the end: nothing after the last erasure of each line.
    const shown = text.split("\n").map((line) => line.slice(line.lastIndexOf("\r\x1b[K") + 4));
    expect(shown.at(-1)).toBe("");
  });

  it("starts a new count for a plan that follows finished work, and adds up plans made before any", () => {
    const text: string[] = [];
    const { listener } = createProgress({ isTTY: false, write: (part) => text.push(part) });
    const done = { type: "done", package: zlib, outcome: "present" } as const;
    listener({ type: "planned", todo: 2, present: 0, work: "check" });
    for (const tag of ["a", "b"]) listener({ type: "checked", tag });
    for (const todo of [1, 1]) listener({ type: "planned", todo, present: 0 });
    listener(done);
    listener(done);
    const outcome = "zlib@1.3.1/abcdefg was installed by another process";
    expect(text.join("")).toBe(`2 to check\n1 to do\n1 to do\n[1/2] ${outcome}\n[2/2] ${outcome}\n`);
  });

  it("keeps the live line within the width of the terminal", () => {
    const live = written(true, 20)
      .replaceAll("\r\x1b[K", "\n")
      .split("\n")
      .filter((part) => /^\d\/\d/.test(part));
    expect(live.length).toBeGreaterThan(3);
    for (const part of live) expect(part.length).toBeLessThan(20);
  });

  it("limits how often it is redrawn", () => {
    let drawn = 0;
    const write = () => {
      drawn += 1;
    };
    const progress = createProgress({ isTTY: true, write });
    for (let i = 0; i < 1000; i += 1) progress.listener({ type: "bytes", package: zlib, count: 1 });
    expect(drawn).toBe(1);
  });
});
