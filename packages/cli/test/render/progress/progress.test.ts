// Progress on a terminal and elsewhere.

import type { BuildcacheEvent } from "@spack-oci/buildcache";
import { SpackOciError } from "@spack-oci/errors";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createProgress, type ProgressOptions } from "../../../src/render/progress/progress.js";

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

const shownLines = [
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

/** A terminal, and the lines that it shows. */
function screen({ columns = 80, ...options }: ProgressOptions & { readonly columns?: number }) {
  let shown = [""];
  const write = (text: string) => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what moves the cursor up and clears
    const erasure = /^(?:\x1b\[(\d+)A)?\r\x1b\[[KJ]/.exec(text);
    if (erasure !== null) shown = [...shown.slice(0, shown.length - 1 - Number(erasure[1] ?? 0)), ""];
    const rest = text.slice(erasure?.[0].length ?? 0);
    const [first = "", ...lines] = rest.split("\n");
    shown = [...shown.slice(0, -1), `${shown.at(-1)}${first}`, ...lines];
  };
  const progress = createProgress({ isTTY: true, columns, write }, options);
  return { progress, lines: (): readonly string[] => shown };
}

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
    expect(written(false)).toBe(`${shownLines.join("\n")}\n`);
  });

  it("shows a live line on a terminal, cleared at the end", () => {
    const text = written(true);
    expect(text).toContain("\r\x1b[K0/3  1.5 kB  fetching zlib");
    expect(text).toContain("\r\x1b[K1/3  1.5 kB  3.8 kB/s  packing cmake");
    expect(text.endsWith("\r\x1b[K")).toBe(true);
    for (const line of shownLines) expect(text).toContain(`${line}\n`);
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

  it("shows a line for each package in flight, at most one for each job", () => {
    const { lines, progress } = screen({ jobs: 3, columns: 40 });
    const packages = ["zlib", "hdf5", "a-package-with-a-long-name", "cmake"].map((name) => ({
      ...zlib,
      name,
      hash: name.padEnd(32, "x"),
    }));
    progress.listener({ type: "planned", todo: 4, present: 0 });
    progress.listener({ type: "step", package: packages[0] ?? zlib, step: "fetching", bytes: 2_000_000 });
    progress.listener({ type: "bytes", package: packages[0] ?? zlib, count: 500_000 });
    for (const node of packages.slice(1)) progress.listener({ type: "step", package: node, step: "packing" });
    progress.listener({ type: "packed", package: packages[1] ?? zlib, bytes: 3_000_000 });
    vi.advanceTimersByTime(4000);
    expect(lines()).toEqual([
      "4 to do",
      // A quarter of a package in four seconds leaves more than a minute for the rest.
      "0/4  500 kB  125 kB/s  1 min left  +2",
      "  fetching   zlib  25% of 2.0 MB",
      "  packing    hdf5  3.0 MB",
    ]);
    progress.listener({ type: "done", package: packages[0] ?? zlib, outcome: "present" });
    progress.listener({ type: "done", package: packages[1] ?? zlib, outcome: "present" });
    vi.advanceTimersByTime(1000);
    expect(lines().slice(-2)).toEqual(["  packing    a-package-with-a-lon…  5 s", "  packing    cmake  5 s"]);
    progress.finish();
    // Lines that stay are wrapped.
    expect(lines().slice(1)).toEqual([
      expect.stringMatching(/^\[1\/4\] zlib@/),
      "  by another process",
      expect.stringMatching(/^\[2\/4\] hdf5@/),
      "  by another process",
      "",
    ]);
    for (const line of lines()) expect(line.length).toBeLessThanOrEqual(40);
  });

  it("counts wide characters as two columns", () => {
    const { lines, progress } = screen({ columns: 20 });
    progress.listener({ type: "copying", tag: "漢字漢字漢字漢字漢字" });
    expect(lines()).toEqual(["0/0  0 B  copying …"]);
  });

  it("is plain lines for CI, even on a terminal", () => {
    const { lines, progress } = screen({ plain: true });
    for (const event of events) progress.listener(event);
    progress.finish();
    expect(lines().slice(0, -1)).toEqual(shownLines);
  });

  it("shows every few seconds without a terminal that the work goes on", () => {
    const text: string[] = [];
    const { listener, finish } = createProgress({ isTTY: false, write: (part) => text.push(part) });
    listener({ type: "planned", todo: 2, present: 0 });
    vi.advanceTimersByTime(60_000);
    // Nothing is being done.
    expect(text).toEqual(["2 to do\n"]);
    listener({ type: "step", package: zlib, step: "fetching", bytes: 2000 });
    listener({ type: "bytes", package: zlib, count: 1000 });
    vi.advanceTimersByTime(12_000);
    expect(text.slice(1)).toEqual([
      "0/2  1.0 kB  1.0 kB/s  4 min left  fetching zlib\n",
      "0/2  1.0 kB  0 B/s  4 min left  fetching zlib\n",
      "0/2  1.0 kB  0 B/s  4 min left  fetching zlib\n",
    ]);
    finish();
    vi.advanceTimersByTime(60_000);
    expect(text).toHaveLength(4);
  });

  it("is only problems if it is quiet, and also steps if it is verbose", () => {
    const quiet = screen({ quiet: true });
    const verbose = screen({ verbose: true, plain: true });
    for (const event of events) {
      quiet.progress.listener(event);
      verbose.progress.listener(event);
    }
    expect(quiet.lines().filter((line) => /^\S/.test(line))).toEqual([
      "warning: no index",
      "failed cmake@3.31/bcdefgh: host: refused",
      "failed to update the view /w: host: refused",
    ]);
    expect(verbose.lines()).toEqual(
      expect.arrayContaining([
        "fetching zlib@1.3.1/abcdefg (2.0 kB)",
        "packing cmake@3.31/bcdefgh",
        "reading the index",
        ...shownLines,
      ]),
    );
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
