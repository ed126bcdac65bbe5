// Order, failures, skipping and interruption of packages that run concurrently.

import { SpackOciError } from "@spack-oci/errors";
import { describe, expect, it } from "vitest";
import type { BuildcacheEvent } from "../../src/events/events.js";
import type { Run } from "../../src/schedule/run.js";
import { type PackageSteps, runPackages } from "../../src/schedule/run-packages.js";
import { createScheduler } from "../../src/schedule/scheduler.js";

interface Item {
  readonly name: string;
  readonly needs: readonly string[];
}

/** a <- b <- c, and d alone. */
const items: readonly Item[] = [
  { name: "a", needs: [] },
  { name: "b", needs: ["a"] },
  { name: "c", needs: ["a", "b"] },
  { name: "d", needs: [] },
];

function run(
  log: string[],
  {
    scheduler = createScheduler(1),
    listener,
    signal,
    ...changes
  }: Partial<PackageSteps<Item, string> & Run> = {},
) {
  return runPackages<Item, string>({
    items,
    nodeOf: ({ name }) => ({ name, version: "1", hash: name }),
    dependenciesOf: ({ name, needs }) => [...needs, name],
    start: async ({ name }) => {
      log.push(`start ${name}`);
      return name;
    },
    finish: async ({ name }) => {
      log.push(`finish ${name}`);
      return 1;
    },
    undo: async ({ name }) => void log.push(`undo ${name}`),
    run: { scheduler, listener, signal },
    ...changes,
  });
}

const trouble = new SpackOciError("ERR_TEST", "trouble", { kind: "failed" });
const later = () => new Promise((resolve) => setTimeout(resolve, 5));
const failing = (name: string, log: string[]) => async (item: Item) => {
  log.push(`start ${item.name}`);
  if (item.name === name) throw trouble;
  return item.name;
};

describe("runPackages", () => {
  it("returns results in the order of the items, and finishes dependencies first", async () => {
    const log: string[] = [];
    const slow = async ({ name }: Item) => {
      if (name === "a") await later();
      return name;
    };
    const results = await run(log, { start: slow, scheduler: createScheduler(4) });
    expect(results.map((result) => [result.package.name, result.outcome])).toEqual(
      items.map(({ name }) => [name, "done"]),
    );
    expect(log.filter((line) => line !== "finish d")).toEqual(["finish a", "finish b", "finish c"]);
    expect(log[0]).toBe("finish d");
  });

  it("completes a package beside its dependents, and reports it afterwards", async () => {
    const log: string[] = [];
    let release = () => {};
    const last = new Promise<void>((resolve) => {
      release = resolve;
    });
    const complete = async ({ name }: Item) => {
      if (name === "a") await last;
      log.push(`complete ${name}`);
    };
    const listener = (event: BuildcacheEvent) => {
      if (event.type !== "done") return;
      log.push(`done ${event.package.name}`);
      if (event.package.name === "c") release();
    };
    await run(log, { complete, listener, scheduler: createScheduler(4) });
    const ofChain = log.filter((line) => !line.startsWith("start") && !line.endsWith("d"));
    expect(ofChain).toEqual([
      "finish a",
      "finish b",
      "complete b",
      "done b",
      "finish c",
      "complete c",
      "done c",
      "complete a",
      "done a",
    ]);
  });

  it("fails a package that cannot be completed", async () => {
    const complete = async ({ name }: Item) => {
      if (name === "c") throw trouble;
    };
    const results = await run([], { complete });
    expect(results.map(({ outcome }) => outcome)).toEqual(["done", "done", "failed", "done"]);
  });

  it("skips dependents of a failed package, names that package, and never starts them", async () => {
    const log: string[] = [];
    const results = await run(log, { start: failing("a", log) });
    expect(log).toEqual(["start a", "start d", "finish d"]);
    const because = { name: "a", version: "1", hash: "a" };
    expect(results).toMatchObject([
      { outcome: "failed", error: trouble },
      { outcome: "skipped", because },
      { outcome: "skipped", because },
      { outcome: "done", bytes: 1 },
    ]);
  });

  it("reverts what had started when one of its dependencies fails", async () => {
    const log: string[] = [];
    const start = async (item: Item) => {
      log.push(`start ${item.name}`);
      if (item.name !== "a") return item.name;
      await later();
      throw trouble;
    };
    const results = await run(log, { start, scheduler: createScheduler(4) });
    expect(log.sort()).toEqual(["finish d", "start a", "start b", "start c", "start d", "undo b", "undo c"]);
    expect(results.map((result) => result.outcome)).toEqual(["failed", "skipped", "skipped", "done"]);
  });

  it("skips dependents of a package whose last step failed", async () => {
    const log: string[] = [];
    const finish = async ({ name }: Item) => {
      if (name === "b") throw trouble;
      return 1;
    };
    const results = await run(log, { finish, scheduler: createScheduler(4) });
    expect(results.map((result) => result.outcome)).toEqual(["done", "failed", "skipped", "done"]);
    expect(log).toContain("undo c");
  });

  it("continues with dependents if the policy says so, after their dependencies have settled", async () => {
    const log: string[] = [];
    const start = async (item: Item) => {
      if (item.name !== "a") return item.name;
      await later();
      log.push("trouble");
      throw trouble;
    };
    const results = await run(log, { start, onFailure: "continue", scheduler: createScheduler(4) });
    expect(results.map((result) => result.outcome)).toEqual(["failed", "done", "done", "done"]);
    expect(log).toEqual(["finish d", "trouble", "finish b", "finish c"]);
  });

  it("finishes nothing if the policy is to stop, and names what failed", async () => {
    const log: string[] = [];
    const start = async (item: Item) => {
      if (item.name !== "c") return item.name;
      await later();
      throw trouble;
    };
    const results = await run(log, { start, onFailure: "stop", scheduler: createScheduler(4) });
    expect(results.map((result) => result.outcome)).toEqual(["skipped", "skipped", "failed", "skipped"]);
    expect(results[3]).toMatchObject({ because: { name: "c" } });
    expect(log.sort()).toEqual(["undo a", "undo b", "undo d"]);
  });

  it("starts nothing else after a failure if the policy is to stop, and finishes all without one", async () => {
    const log: string[] = [];
    await run(log, { start: failing("a", log), onFailure: "stop" });
    expect(log).toEqual(["start a"]);
    const results = await run([], { onFailure: "stop" });
    expect(results.map((result) => result.outcome)).toEqual(["done", "done", "done", "done"]);
  });

  it("starts no dependent of a rejected item", async () => {
    const log: string[] = [];
    const results = await run(log, {
      reject: ({ name }) => (name === "b" ? trouble : undefined),
      scheduler: createScheduler(4),
    });
    expect(results.map((result) => result.outcome)).toEqual(["done", "failed", "skipped", "done"]);
    expect(log).not.toContain("start b");
    expect(log).not.toContain("start c");
  });

  it("lets last steps overtake the first steps of other packages", async () => {
    const log: string[] = [];
    const scheduler = createScheduler(1);
    const start = async ({ name }: Item) => {
      await later();
      log.push(`start ${name}`);
      return name;
    };
    const finish = ({ name }: Item) => scheduler.finish(async () => log.push(`finish ${name}`));
    await run(log, { scheduler, start, finish });
    expect(log.indexOf("finish a")).toBeLessThan(log.indexOf("start c"));
  });

  it("keeps an error's kind, and wraps foreign errors", async () => {
    const start = async () => {
      throw Object.assign(new Error("no space left"), { code: "ENOSPC", path: "/full" });
    };
    const [first] = await run([], { start });
    expect(first).toMatchObject({
      outcome: "failed",
      error: { code: "ERR_SYSTEM", kind: "failed", place: "/full", hint: expect.stringContaining("full") },
    });
  });

  it("fails if reverting fails, and still settles everything", async () => {
    const undo = async () => {
      throw trouble;
    };
    const start = async ({ name }: Item) => {
      if (name !== "a") return name;
      await later();
      throw new Error("first");
    };
    const results = await run([], { start, undo, scheduler: createScheduler(4) });
    expect(results.map((result) => result.outcome)).toEqual(["failed", "failed", "failed", "done"]);
  });

  it("settles before it throws the signal's reason, and reports no package as failed", async () => {
    const log: string[] = [];
    const events: BuildcacheEvent[] = [];
    const abort = new AbortController();
    const start = async ({ name }: Item) => {
      log.push(`start ${name}`);
      abort.abort(new Error("enough"));
      await later();
      log.push(`rested ${name}`);
      throw new Error("enough");
    };
    const listener = (event: BuildcacheEvent) => void events.push(event);
    await expect(run(log, { start, listener, signal: abort.signal })).rejects.toThrow("enough");
    expect(log).toEqual(["start a", "rested a"]);
    expect(events).toEqual([]);
  });
});
