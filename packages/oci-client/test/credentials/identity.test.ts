// How messages name the owner of a credential.

import { expect, test } from "vitest";
import { identityOf } from "../../src/credentials/credential.js";

const identity = (username: string, password = "secret") =>
  identityOf({ kind: "basic", username, password, source: "a file" });

test.each([
  "alice",
  "robot$project+name",
  "me@example.org",
  "AWS",
  "_json_key",
  "00000000-0000-0000-0000-000000000000",
])("%s is shown", (username) => {
  expect(identity(username)).toBe(`${username} (a file)`);
});

test.each([
  ["ghp_abc"],
  ["glpat-abc"],
  ["dckr_pat_abc"],
  ["eyJhbGciOiJIUzI1NiJ9.e30.x"],
  ["0123456789abcdef0123456789abcdef"],
  ["short", "short"],
])("%s looks like a token and is not shown", (username, password?: string) => {
  expect(identity(username, password)).toBe("a user name that looks like a token (a file)");
});

test("an identity token is named by its source", () => {
  expect(identityOf({ kind: "identity-token", token: "secret", source: "a file" })).toBe("a file");
  expect(identityOf(undefined)).toBe("anonymous");
});
