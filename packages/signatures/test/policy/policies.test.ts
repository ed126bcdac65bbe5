// Which rule holds for a mirror, and policies that are errors rather than ignored.

import { chmodSync, mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { policyFiles, ruleFor } from "../../src/policy/policies.js";
import { readPolicy } from "../../src/policy/policy-file.js";
import { requestedSigners } from "../../src/policy/requested-signers.js";
import { signersOfRule } from "../../src/policy/signers-of-rule.js";
import { isIdentity } from "../../src/verification/trusted-signers.js";
import { ecKeys, scratchFile, scratchPath } from "../support/signed-image.js";

let count = 0;

/** A policy with these mirrors, in a directory of its own. */
function policy(mirrors: unknown, mode = 0o600): string {
  count += 1;
  mkdirSync(scratchPath(`policy-${count}`));
  const path = scratchFile(`policy-${count}/policy.json`, JSON.stringify({ mirrors }));
  chmodSync(path, mode);
  return path;
}

const keys = (name: string) => ({ keys: [name] });

const user = policy({
  "oci://ghcr.io/me/cache": keys("exact.pub"),
  "oci://ghcr.io/me/*": keys("mine.pub"),
  "oci://ghcr.io/*": keys("host.pub"),
  "oci-layout:/srv/cache": { unsigned: true },
});
const system = policy({ "*": keys("any.pub"), "oci://quay.io/lab/cache": keys("lab.pub") });

const rules: [mirror: string, key: string | undefined][] = [
  ["oci://ghcr.io/me/cache", "exact.pub"],
  ["oci+http://ghcr.io/me/cache", "exact.pub"],
  ["oci://GHCR.IO/me/cache", "exact.pub"],
  ["oci://ghcr.io/me/cache/part", "mine.pub"],
  ["oci://ghcr.io/me/other", "mine.pub"],
  ["oci://ghcr.io/melon/cache", "host.pub"],
  ["oci://ghcr.io:443/me/cache", "any.pub"],
  ["oci://quay.io/lab/cache", "lab.pub"],
  ["oci-layout:/srv/cache", undefined],
  ["oci-layout:/srv/../srv/cache", undefined],
  ["oci-layout:/srv/cache2", "any.pub"],
  ["memory:anything", "any.pub"],
];

test.each(rules)("finds the rule for %s", (mirror, key) => {
  const rule = ruleFor(mirror, [user, system]);
  expect(rule?.keys.map((path) => path.split("/").at(-1))).toEqual(key === undefined ? [] : [key]);
  expect(rule?.unsigned).toBe(key === undefined);
});

test("has no rule without policies", () => {
  expect(ruleFor("oci://ghcr.io/me/cache", [scratchPath("none.json")])).toBeUndefined();
});

test("looks for the user's policy, and then for that of the machine", () => {
  expect(policyFiles({ XDG_CONFIG_HOME: "/home/me/.config" })).toEqual([
    "/home/me/.config/spack-oci/policy.json",
    "/etc/spack-oci/policy.json",
  ]);
});

const malformed: [what: string, mirrors: unknown, reason: RegExp][] = [
  ["no mirrors", undefined, /mirrors is not an object/],
  ["a mirror that is no location", { "ghcr.io/me": keys("a.pub") }, /"ghcr\.io\/me" is not the location/],
  ["nobody who must have signed", { "*": {} }, /\* needs either keys or identities/],
  ["keys that need not have signed", { "*": { keys: ["a.pub"], unsigned: true } }, /needs either keys or/],
  ["a misspelled setting", { "*": { key: "a.pub" } }, /unknown setting "key"/],
  ["a key that is no path", { "*": { keys: [1] } }, /not a text/],
  ["keys that are no list", { "*": { keys: "a.pub" } }, /must be lists/],
  ["an identity without an issuer", { "*": { identities: [{ identity: "me" }] } }, /not a text/],
  ["unsigned: false", { "*": { keys: ["a.pub"], unsigned: false } }, /unsigned of \* is not true/],
];

test.each(malformed)("rejects a policy with %s", (_what, mirrors, reason) => {
  const path = policy(mirrors);
  expect(() => readPolicy(path)).toThrow(
    expect.objectContaining({ code: "ERR_POLICY", kind: "usage", message: expect.stringMatching(reason) }),
  );
});

test("rejects a policy that is not JSON, or that cannot be read", () => {
  const path = policy({});
  scratchFile(path.slice(scratchPath("").length), "keys: [a.pub]");
  expect(() => readPolicy(path)).toThrow(/it is not JSON/);
  expect(() => readPolicy(scratchPath("policy-1"))).toThrow(/it cannot be read/);
});

test.each([0o620, 0o602, 0o666])("rejects a policy with the mode %o", (mode) => {
  const path = policy({ "*": keys("a.pub") }, mode);
  expect(() => readPolicy(path)).toThrow(
    expect.objectContaining({ code: "ERR_POLICY_WRITABLE", kind: "denied", place: path }),
  );
});

test("rejects a policy in a directory that others can write", () => {
  const path = policy({ "*": keys("a.pub") });
  chmodSync(scratchPath(`policy-${count}`), 0o777);
  expect(() => readPolicy(path)).toThrow(/can be written by others/);
});

test("rejects a link to a policy in a directory that others can write", () => {
  const path = policy({ "*": keys("a.pub") });
  chmodSync(dirname(path), 0o777);
  const link = join(dirname(policy({})), "link.json");
  symlinkSync(path, link);
  expect(() => readPolicy(link)).toThrow(expect.objectContaining({ code: "ERR_POLICY_WRITABLE" }));
});

test("rejects a key that others can write, and one that is missing", () => {
  const path = policy({ "*": keys("build.pub") });
  const [rule] = readPolicy(path) ?? [];
  const signers = () => signersOfRule(rule as NonNullable<typeof rule>, {});
  expect(signers).toThrow(/there is no .*build\.pub/);
  const pem = ecKeys().publicKey.export({ format: "pem", type: "spki" }).toString();
  const key = scratchFile(`policy-${count}/build.pub`, pem);
  expect(signers().keys).toHaveLength(1);
  chmodSync(key, 0o666);
  expect(signers).toThrow(expect.objectContaining({ code: "ERR_POLICY_WRITABLE", place: key }));
});

const ISSUER = "https://token.actions.githubusercontent.com";
const identities = (...list: object[]) => policy({ "*": { identities: list } });

test("reads patterns for identities, which match the whole of them", () => {
  const path = identities({ identityPattern: "https://github\\.com/me/.*|me@example\\.com", issuer: ISSUER });
  const [rule] = readPolicy(path) ?? [];
  const [signer] = signersOfRule(rule as NonNullable<typeof rule>, {}).identities;
  const isSigner = (name: string, issuer = ISSUER) =>
    signer !== undefined && isIdentity(signer, { name, issuer });
  expect(["https://github.com/me/x", "me@example.com"].every((name) => isSigner(name))).toBe(true);
  const others = [
    "https://github.com/me",
    "x https://github.com/me/x",
    "me@example.com.evil",
    "xme@example.com",
    "",
  ];
  expect(others.filter((name) => isSigner(name))).toEqual([]);
  expect(isSigner("me@example.com", `${ISSUER}.evil`)).toBe(false);
});

test.each([
  { identityPattern: "(", issuer: ISSUER },
  { identityPattern: "a", identity: "a", issuer: ISSUER },
  { identityPattern: 1, issuer: ISSUER },
  { identityPattern: "a" },
])("rejects a pattern like %j", (identity) => {
  expect(() => readPolicy(identities(identity))).toThrow(expect.objectContaining({ code: "ERR_POLICY" }));
});

test("takes one pattern from the command line, with an issuer", () => {
  const signers = (request: object) => () => requestedSigners({ issuer: ISSUER, ...request }, {});
  expect(signers({ identityPattern: "me.*" })().identities[0]?.identity).toEqual(/^(?:me.*)$/u);
  for (const request of [
    { identityPattern: "(" },
    { identityPattern: "a", identity: "a" },
    { identityPattern: "a", issuer: undefined },
  ])
    expect(signers(request)).toThrow(expect.objectContaining({ code: "ERR_SIGNERS" }));
});

test.each([
  ["12h", 12],
  ["14d", 14 * 24],
  ["4w", 4 * 7 * 24],
])("reads the age %s of an index", (maxIndexAge, hours) => {
  const [rule] = readPolicy(policy({ "*": { ...keys("a.pub"), maxIndexAge } })) ?? [];
  expect(rule?.maxIndexAge).toBe(hours * 3_600_000);
});

test.each([{ maxIndexAge: "0d" }, { maxIndexAge: "1y" }, { maxIndexAge: 5 }, { unsignedIndex: false }])(
  "rejects %j",
  (setting) => {
    const path = policy({ "*": { ...keys("a.pub"), ...setting } });
    expect(() => readPolicy(path)).toThrow(expect.objectContaining({ code: "ERR_POLICY" }));
  },
);
