// Lessons about tag lists: all kinds of paging, and never a list that is silently shorter; numbered as in
// docs/registries.md.

import { describe, expect, test } from "vitest";
import { collectAll } from "../../../../tests/support/collect.js";
import { failure, json } from "../../../../tests/support/test-registry/answer.js";
import {
  startTestRegistry,
  type TestRegistry,
} from "../../../../tests/support/test-registry/test-registry.js";
import { freshRepository, pushImage, useRegistry } from "../support/registry.js";

const context = useRegistry({ pageSize: 1000 });
const list = { method: "GET", path: /tags\/list/ };

function withTags(count: number) {
  const repository = freshRepository(context.registry);
  const stored = context.registry.storage.repository(repository.repository);
  for (let i = 0; i < count; i += 1)
    stored.putManifest("x", Buffer.from("{}"), `tag-${String(i).padStart(5, "0")}`);
  return repository;
}

test("lesson 9: asks for at most 1000 tags at once, and follows Link verbatim", async () => {
  const { registry } = context;
  const repository = withTags(3);
  const path = `/v2/${repository.repository}/tags/list`;
  registry.fault({
    ...list,
    rewrite: () => json(200, { tags: ["a"] }, { link: `<${path}?last=%2Bopaque%20==&n=5>; rel="next"` }),
  });
  await collectAll(repository.tags());
  expect(registry.requests.map((request) => request.path)).toEqual([
    `${path}?n=1000`,
    `${path}?last=%2Bopaque%20==&n=5`,
  ]);
});

describe("lesson 41: a registry that rejects the page size", () => {
  /** A registry that allows `max` tags per page, and lists `max` without a size. */
  function rejecting(registry: TestRegistry, max: number, code = "PAGINATION_NUMBER_INVALID"): void {
    registry.fault({
      ...list,
      times: 99,
      when: ({ url }) => Number(url.searchParams.get("n")) > max,
      rewrite: (_, question) => failure(400, code, question),
    });
    registry.fault({
      ...list,
      times: 99,
      rewrite: (_, { url }) => {
        const from = Number(url.searchParams.get("from") ?? 0);
        const tags = Array.from({ length: max }, (_, i) => `tag-${from + i}`).slice(0, 250 - from);
        const next = { link: `<${url.pathname}?from=${from + max}>; rel="next"` };
        return json(200, { tags }, from + max < 250 ? next : {});
      },
    });
  }

  test.each(["PAGINATION_NUMBER_INVALID", "UNSUPPORTED"])(
    "(%s) is asked without one, and not with one again in this process",
    async (code) => {
      const registry = await startTestRegistry();
      try {
        rejecting(registry, 100, code);
        const path = (name: string) => `/v2/${name}/tags/list`;
        const first = freshRepository(registry);
        const tags = await collectAll(first.tags());
        expect(tags).toEqual(Array.from({ length: 250 }, (_, i) => `tag-${i}`));
        const second = freshRepository(registry);
        expect(await collectAll(second.tags())).toEqual(tags);
        expect(registry.requests.map((request) => request.path)).toEqual([
          `${path(first.repository)}?n=1000`,
          path(first.repository),
          `${path(first.repository)}?from=100`,
          `${path(first.repository)}?from=200`,
          path(second.repository),
          `${path(second.repository)}?from=100`,
          `${path(second.repository)}?from=200`,
        ]);
      } finally {
        await registry.close();
      }
    },
  );

  test("a 400 with another cause is reported, and the size is kept", async () => {
    const { registry } = context;
    const repository = withTags(1);
    registry.fault({ ...list, times: 2, rewrite: (_, question) => failure(400, "NAME_INVALID", question) });
    await expect(collectAll(repository.tags())).rejects.toThrow("NAME_INVALID");
    await collectAll(repository.tags());
    expect(registry.requests.at(-1)?.path).toContain("?n=1000");
  });
});

test("lesson 10: keeps other registries' paging parameters", async () => {
  const { registry } = context;
  const repository = withTags(0);
  const page = (tags: string[], next?: string) => () =>
    json(200, { tags }, next ? { link: `<${next}>; rel="next"` } : {});
  registry.fault({ ...list, rewrite: page(["a"], "?next_page=gAAAAABk==") });
  registry.fault({
    ...list,
    rewrite: page(["b"], `${registry.origin}/v2/${repository.repository}/tags/list?last=x&page=3`),
  });
  registry.fault({ ...list, rewrite: page(["c"]) });
  expect(await collectAll(repository.tags())).toEqual(["a", "b", "c"]);
});

test("lists ten thousand tags in ten requests, and reads no further than they are consumed", async () => {
  const { registry } = context;
  const repository = withTags(10_000);
  const tags = await collectAll(repository.tags());
  expect(tags.length).toBe(10_000);
  expect(new Set(tags).size).toBe(10_000);
  expect(registry.count("GET")).toBe(10);
  registry.reset();
  for await (const tag of repository.tags()) if (tag === "tag-01500") break;
  expect(registry.count("GET")).toBe(2);
});

test('an empty page with "tags": null is a page', async () => {
  context.registry.fault({ ...list, body: '{"name":"x","tags":null}', status: 200 });
  expect(await collectAll(withTags(0).tags())).toEqual([]);
});

test("a circular list is an error", async () => {
  const { registry } = context;
  const repository = withTags(1);
  registry.fault({
    ...list,
    times: 99,
    headers: { link: `</v2/${repository.repository}/tags/list?n=1000>; rel="next"` },
  });
  await expect(collectAll(repository.tags())).rejects.toMatchObject({ code: "ERR_OCI_ENDLESS_LIST" });
  expect(registry.count("GET")).toBe(1);
});

test.each([
  ['<http://[bad>; rel="next"', "malformed"],
  ["/v2/x/tags/list?last=a; rel=next", "malformed"],
  ["<?last=a>", "malformed"],
  ['<https://elsewhere.example/v2/x/tags/list>; rel="next"', "another host"],
])("a list that continues at %s is an error, not a shorter list", async (link, why) => {
  context.registry.fault({ ...list, headers: { link } });
  await expect(collectAll(withTags(1).tags())).rejects.toThrow(why);
});

test.each(["<html>", "[]", "{}", '{"errors":[{"code":"DENIED"}]}', '{"tags":"a"}', '{"tags":[1]}'])(
  "an answer that is not a list (%s) is an error",
  async (body) => {
    context.registry.fault({ ...list, status: 200, body, times: 99 });
    await expect(collectAll(withTags(1).tags())).rejects.toMatchObject({
      code: "ERR_OCI_TAG_LIST",
      kind: "unreachable",
    });
  },
);

test.each([
  ["empty", 0, 200],
  ["with one tag", 1, 200],
  ["with 20 tags", 20, 21_000],
  ["with a thousand tags", 1000, 1500],
])(
  "a list of endless pages, %s, is an error",
  async (_what, count, most) => {
    const { registry } = context;
    const repository = freshRepository(registry);
    const path = `/v2/${repository.repository}/tags/list`;
    registry.fault({
      ...list,
      times: Number.POSITIVE_INFINITY,
      rewrite: (_, { url }) => {
        const page = Number(url.searchParams.get("page") ?? 0);
        const tags = Array.from({ length: count }, (_, i) => `${page * 1000 + i}`.padEnd(60, "x"));
        return json(200, { tags }, { link: `<${path}?page=${page + 1}>; rel="next"` });
      },
    });
    const drained = (async () => {
      for await (const tag of repository.tags()) if (tag === "") break;
    })();
    await expect(drained).rejects.toMatchObject({ code: "ERR_OCI_ENDLESS_LIST", kind: "corrupt" });
    expect(registry.count("GET")).toBeLessThan(most);
  },
  60_000,
);

test("a page that fails is requested again, and one that keeps failing is an error", async () => {
  const { registry } = context;
  const repository = withTags(2500);
  registry.fault({ ...list, after: 1, status: 502, times: 2 });
  registry.fault({ ...list, after: 2, cutAfter: 20 });
  expect((await collectAll(repository.tags())).length).toBe(2500);
  registry.fault({ ...list, after: 1, status: 502, times: 99 });
  await expect(collectAll(repository.tags())).rejects.toMatchObject({ kind: "unreachable" });
});

test("a missing repository is not-found, not an empty list", async () => {
  await expect(collectAll(freshRepository(context.registry).tags())).rejects.toMatchObject({
    kind: "not-found",
  });
});

test("lesson 39: a listed tag that is gone when it is read is not-found, and the caller can continue", async () => {
  const repository = freshRepository(context.registry);
  await pushImage(repository, "gone");
  const [tag = ""] = await collectAll(repository.tags());
  context.registry.storage.repository(repository.repository).tags.clear();
  await expect(repository.resolve(tag)).rejects.toMatchObject({ kind: "not-found" });
});
