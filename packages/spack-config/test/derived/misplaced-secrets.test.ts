// Passwords in the place of names are hidden in lines of configuration; names are not.

import { expect, it } from "vitest";
import { withoutSecrets } from "../../src/derived/misplaced-secrets.js";

it.each([
  ["  secret_variable: M4rk3r", "  secret_variable: '***'"],
  ["  secret_variable: 'M4rk3r, \"and\" more'", "  secret_variable: '***'"],
  ["  access_token_variable: ghp_M4rk3r", "  access_token_variable: '***'"],
  ["  id: ghp_M4rk3r", "  id: '***'"],
  [
    "  access_pair: {id: alice, secret_variable: M4rk3r, x: y}",
    "  access_pair: {id: alice, secret_variable: '***'",
  ],
  ["  url: oci://alice:M4rk3r@ghcr.io/org", "  url: oci://***@ghcr.io/org"],
])("%s", (line, shown) => expect(withoutSecrets(line)).toBe(shown));

it.each([
  "  secret_variable: GITHUB_TOKEN",
  "  access_pair: {id: alice, secret_variable: MY_TOKEN_2}",
  "  id_variable: 'GITHUB_USER'",
  "  id: 00000000-0000-0000-0000-000000000000",
  "  url: oci://ghcr.io/org/cache",
  "  valid: M4rk3r",
])("%s is shown", (line) => expect(withoutSecrets(line)).toBe(line));
