// Tokens are shared, renewed in time, and forgotten once rejected.

import { expect, test } from "vitest";
import { TokenCache } from "../../src/auth/token-cache.js";

function counting(now: () => number, life = 60_000) {
  let count = 0;
  const obtain = async () => {
    count += 1;
    return { token: `t${count}`, obtainedAt: now(), expiresAt: now() + life };
  };
  return { obtain, count: () => count };
}

test("concurrent callers share one request", async () => {
  const cache = new TokenCache(() => 0);
  const { obtain, count } = counting(() => 0);
  const tokens = await Promise.all(Array.from({ length: 20 }, () => cache.get("k", obtain)));
  expect(new Set(tokens.map((token) => token.token))).toEqual(new Set(["t1"]));
  expect(count()).toBe(1);
  expect((await cache.get("other", obtain)).token).toBe("t2");
});

test("a failed request is not remembered", async () => {
  const cache = new TokenCache(() => 0);
  await expect(cache.get("k", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect((await cache.get("k", counting(() => 0).obtain)).token).toBe("t1");
});

test("renews a token before it expires, and earlier if a fresh one is required", async () => {
  let time = 0;
  const cache = new TokenCache(() => time);
  const { obtain } = counting(() => time);
  await cache.get("k", obtain);
  time = 15_000;
  expect((await cache.get("k", obtain)).token).toBe("t1");
  expect((await cache.get("k", obtain, true)).token).toBe("t2");
  time = 15_000 + 55_000;
  expect((await cache.get("k", obtain)).token).toBe("t3");
});

test("forgets only the rejected token, not its replacement", async () => {
  const cache = new TokenCache(() => 0);
  const { obtain } = counting(() => 0);
  await cache.get("k", obtain);
  cache.forget("k", "another");
  expect((await cache.get("k", obtain)).token).toBe("t1");
  cache.forget("k", "t1");
  expect((await cache.get("k", obtain)).token).toBe("t2");
});
