// Scopes are joined and compared regardless of their order.

import { expect, test } from "vitest";
import { mergeScopes, repositoryScope, scopeKey, splitScopes } from "../../src/auth/scope.js";

test("joins scopes of one repository in the order of their first occurrence", () => {
  expect(mergeScopes(["repository:a/b:push"], ["repository:c:pull", "repository:a/b:pull,push"])).toEqual([
    "repository:a/b:push,pull",
    "repository:c:pull",
  ]);
  expect(mergeScopes(["profile", "profile"])).toEqual(["profile"]);
});

test("makes the same key for any order", () => {
  const key = scopeKey([repositoryScope("a", "pull", "push"), repositoryScope("b", "pull")]);
  expect(scopeKey(["repository:b:pull", "repository:a:push", "repository:a:pull"])).toBe(key);
  expect(scopeKey(["repository:a:pull"])).not.toBe(key);
});

test("splits challenges with several scopes, or none", () => {
  expect(splitScopes("a:b:c  d:e:f ")).toEqual(["a:b:c", "d:e:f"]);
  expect(splitScopes(undefined)).toEqual([]);
});
