// One push per digest at a time, and none is lost if it fails.

import { expect, test } from "vitest";
import { digestOf } from "../../src/content/digest.js";
import { PushOnce } from "../../src/storage/push-once.js";
import type { PushOutcome } from "../../src/storage/target.js";

const digest = digestOf("x");

/** A push that is settled by hand. */
function manual() {
  let resolve = (_: PushOutcome) => {};
  let reject = (_: Error) => {};
  let starts = 0;
  const push = () => {
    starts += 1;
    return new Promise<PushOutcome>((good, bad) => {
      [resolve, reject] = [good, bad];
    });
  };
  return {
    push,
    starts: () => starts,
    resolve: () => resolve("uploaded"),
    reject: () => reject(new Error("cut")),
  };
}

test("a second push waits, and finds the content", async () => {
  const once = new PushOnce();
  const first = manual();
  const outcomes = [once.run(digest, first.push), once.run(digest, first.push), once.run(digest, first.push)];
  first.resolve();
  expect(await Promise.all(outcomes)).toEqual(["uploaded", "exists", "exists"]);
  expect(first.starts()).toBe(1);
});

test("other digests do not wait", async () => {
  const once = new PushOnce();
  const first = manual();
  const waiting = once.run(digest, first.push);
  expect(await once.run(digestOf("y"), async () => "mounted")).toBe("mounted");
  first.resolve();
  await waiting;
});

test("if a push fails, one of the waiting ones runs", async () => {
  const once = new PushOnce();
  const [first, second] = [manual(), manual()];
  const failing = once.run(digest, first.push);
  const waiting = [once.run(digest, second.push), once.run(digest, second.push)];
  first.reject();
  await expect(failing).rejects.toThrow("cut");
  await new Promise((resolve) => setImmediate(resolve));
  second.resolve();
  expect((await Promise.all(waiting)).sort()).toEqual(["exists", "uploaded"]);
  expect(second.starts()).toBe(1);
});

test("an aborted push does not continue", async () => {
  const once = new PushOnce();
  const first = manual();
  const running = once.run(digest, first.push);
  const stopped = once.run(digest, first.push, AbortSignal.abort(new Error("enough")));
  first.resolve();
  await expect(stopped).rejects.toThrow("enough");
  await running;
});
