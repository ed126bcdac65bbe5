// Lessons about tokens and challenges; their numbers are those in docs/registries.md.

import { randomBytes } from "node:crypto";
import { afterEach, describe, expect, test } from "vitest";
import { failure } from "../../../../tests/support/test-registry/answer.js";
import type { AuthOptions } from "../../../../tests/support/test-registry/auth.js";
import {
  startTestRegistry,
  type TestRegistry,
} from "../../../../tests/support/test-registry/test-registry.js";
import type { Credential, Credentials } from "../../src/credentials/credential.js";
import { chainCredentials } from "../../src/credentials/default-credentials.js";
import { environmentCredentials } from "../../src/credentials/environment.js";
import type { RegistryLocation } from "../../src/reference/location.js";
import { parseLocation } from "../../src/reference/location.js";
import { RemoteRepository } from "../../src/remote/remote-repository.js";
import { verifyCredential } from "../../src/remote/verify-credential.js";
import { bodyOf } from "../../src/storage/bytes.js";
import { createRegistryClient } from "../../src/transport/client.js";
import { instantClock } from "../support/instant-clock.js";
import { basic, blob, freshRepository, pushImage } from "../support/registry.js";

const open: TestRegistry[] = [];
afterEach(async () => {
  for (const registry of open.splice(0)) await registry.close();
});

async function guarded(auth: Partial<AuthOptions> & Pick<AuthOptions, "kind">) {
  const registry = await startTestRegistry({ auth: { users: { me: "secret" }, ...auth } });
  open.push(registry);
  return registry;
}

const me: Credentials = () => basic("me", "secret");
const bytes = randomBytes(1000);

describe("tokens", () => {
  test("one token serves all requests of a scope, even those that start at once", async () => {
    const registry = await guarded({ kind: "bearer" });
    const repository = freshRepository(registry, { credentials: me });
    await Promise.all(Array.from({ length: 10 }, () => repository.exists(blob(bytes))));
    await repository.exists(blob(randomBytes(10)));
    expect(registry.count("GET", /^\/token/)).toBe(1);
  });

  test("scopes are known before the first request: a push costs one 401", async () => {
    const registry = await guarded({ kind: "bearer" });
    const repository = freshRepository(registry, { credentials: me });
    await pushImage(repository, "v1");
    await pushImage(repository, "v2");
    expect(registry.requests.filter(({ status }) => status === 401).length).toBe(1);
    const scopes = registry.requests
      .filter(({ path }) => path.startsWith("/token"))
      .map(({ path }) => new URLSearchParams(path.split("?")[1]).getAll("scope"));
    expect(scopes).toEqual([
      [`repository:${repository.repository}:pull`],
      [`repository:${repository.repository}:pull,push`],
    ]);
  });

  test("repositories of one host have separate tokens", async () => {
    const registry = await guarded({ kind: "bearer" });
    const client = createRegistryClient({ credentials: me, clock: instantClock() });
    const [a, b] = ["org/a", "org/b"].map(
      (name) => new RemoteRepository(parseLocation(registry.location(name)) as RegistryLocation, client),
    );
    for (let i = 0; i < 5; i += 1) {
      await a?.exists(blob(bytes));
      await b?.exists(blob(bytes));
    }
    expect(registry.count("GET", /^\/token/)).toBe(2);
    expect(registry.requests.filter(({ status }) => status === 401).length).toBe(1);
  });

  test("lesson 12: mounting requests pull on the source in the same token, the rejected scope first", async () => {
    const registry = await guarded({ kind: "bearer" });
    const source = freshRepository(registry, { credentials: me });
    await source.push(blob(bytes), bodyOf(bytes));
    const target = freshRepository(registry, { credentials: me });
    await target.push(blob(bytes), bodyOf(bytes), { mountFrom: [source.repository] });
    const asked = registry.requests.filter(
      ({ path }) => path.startsWith("/token") && path.includes(encodeURIComponent(source.repository)),
    );
    expect(new URLSearchParams(asked.at(-1)?.path.split("?")[1]).getAll("scope")).toEqual([
      `repository:${target.repository}:pull,push`,
      `repository:${source.repository}:pull`,
    ]);
  });

  test("lesson 12: a token server that grants nothing with the source's scope costs the mount, not the push", async () => {
    const registry = await guarded({ kind: "bearer" });
    const repository = freshRepository(registry, { credentials: me });
    registry.fault({ path: /^\/token.*secret%2Fsource/, status: 403, times: 9 });
    const outcome = await repository.push(blob(bytes), bodyOf(bytes), { mountFrom: ["secret/source"] });
    expect(outcome).toBe("uploaded");
  });

  test("lesson 12: an unexpected scope is requested first, and remembered", async () => {
    const registry = await guarded({ kind: "bearer" });
    const repository = freshRepository(registry, { credentials: me });
    const challenge = `Bearer realm="${registry.origin}/token",service="s",scope="repository:proxied/${repository.repository}:pull"`;
    registry.fault({ method: "HEAD", status: 401, headers: { "www-authenticate": challenge } });
    await repository.exists(blob(bytes));
    await repository.exists(blob(randomBytes(1)));
    const tokens = registry.requests.filter(({ path }) => path.startsWith("/token"));
    expect(new URLSearchParams(tokens[0]?.path.split("?")[1]).getAll("scope")).toEqual([
      `repository:proxied/${repository.repository}:pull`,
      `repository:${repository.repository}:pull`,
    ]);
    expect(tokens.length).toBe(1);
  });

  test("lesson 20: a token that has lost a fifth of its lifetime is renewed before it ends an upload", async () => {
    const registry = await guarded({ kind: "bearer", expiresIn: 300 });
    const clock = instantClock();
    const repository = freshRepository(registry, { credentials: me, clock });
    await repository.push(blob(bytes), bodyOf(bytes));
    const before = registry.count("GET", /^\/token/);
    clock.advance(100_000);
    await repository.exists(blob(randomBytes(1)));
    expect(registry.count("GET", /^\/token/)).toBe(before);
    const other = randomBytes(1000);
    await repository.push(blob(other), bodyOf(other));
    expect(registry.count("GET", /^\/token/)).toBe(before + 1);
  });

  test("lesson 22: a token's lifetime counts from its arrival, whatever the server's clock says", async () => {
    const registry = await guarded({ kind: "bearer", expiresIn: 300 });
    const clock = instantClock();
    const repository = freshRepository(registry, { credentials: me, clock });
    registry.fault({
      path: /^\/token/,
      rewrite: (good) => ({
        ...good,
        body: Buffer.from(
          JSON.stringify({ ...JSON.parse(String(good.body)), issued_at: "2001-01-01T00:00:00Z" }),
        ),
      }),
    });
    await repository.exists(blob(bytes));
    clock.advance(250_000);
    await repository.exists(blob(bytes));
    expect(registry.count("GET", /^\/token/)).toBe(1);
    clock.advance(45_000);
    await repository.exists(blob(bytes));
    expect(registry.count("GET", /^\/token/)).toBe(2);
  });

  test("lesson 22: a token without a lifetime, or with less than a minute, lives a minute", async () => {
    const registry = await guarded({ kind: "bearer" });
    const clock = instantClock();
    const repository = freshRepository(registry, { credentials: me, clock });
    await repository.exists(blob(bytes));
    clock.advance(50_000);
    await repository.exists(blob(bytes));
    expect(registry.count("GET", /^\/token/)).toBe(1);
  });

  test("lesson 20: a token that is rejected at the end of an upload is replaced, and the body reopened", async () => {
    const registry = await guarded({ kind: "bearer" });
    const repository = freshRepository(registry, { credentials: me });
    await repository.push(blob(bytes), bodyOf(bytes));
    const large = randomBytes(3_000_000);
    let opened = 0;
    registry.fault({
      method: "PUT",
      path: /uploads/,
      rewrite: () => {
        registry.guard.revokeAll();
        return failure(401, "UNAUTHORIZED", undefined, {
          "www-authenticate": `Bearer realm="${registry.origin}/token"`,
        });
      },
    });
    const outcome = await repository.push(blob(large), () => {
      opened += 1;
      return bodyOf(large)();
    });
    expect([outcome, opened]).toEqual(["uploaded", 2]);
  });

  test("lesson 21: a 401 without a challenge is explained by /v2/", async () => {
    const registry = await guarded({ kind: "bearer", fullChallenge: false });
    const repository = freshRepository(registry, { credentials: me });
    registry.fault({ method: "HEAD", headers: { "www-authenticate": "" } });
    expect(await repository.exists(blob(bytes))).toBe(false);
    expect(registry.count("GET", /^\/v2\/$/)).toBe(1);
  });

  test("a token may be called access_token, and service and scope are optional", async () => {
    const registry = await guarded({ kind: "bearer", tokenField: "access_token", fullChallenge: false });
    await pushImage(freshRepository(registry, { credentials: me }), "v1");
    expect(registry.count("GET", /service=/)).toBe(0);
  });

  test("anonymous pulls get a token without a credential", async () => {
    const registry = await guarded({ kind: "bearer", anonymousPull: true });
    expect(await freshRepository(registry).exists(blob(bytes))).toBe(false);
    expect(registry.requests.some(({ headers }) => headers["authorization"]?.startsWith("Basic"))).toBe(
      false,
    );
  });

  test("an expired token is replaced silently", async () => {
    const registry = await guarded({ kind: "bearer" });
    const repository = freshRepository(registry, { credentials: me });
    await repository.exists(blob(bytes));
    registry.guard.revokeAll();
    await Promise.all(Array.from({ length: 8 }, () => repository.exists(blob(bytes))));
    expect(registry.count("GET", /^\/token/)).toBeLessThanOrEqual(3);
  });

  test("a request to a failing token server is repeated", async () => {
    const registry = await guarded({ kind: "bearer" });
    registry.fault({ path: /^\/token/, status: 503, times: 2 });
    registry.fault({ path: /^\/token/, loseAnswer: true });
    expect(await freshRepository(registry, { credentials: me }).exists(blob(bytes))).toBe(false);
  });

  test.each([
    ["<html>", "unreachable"],
    ["{}", "unreachable"],
    ['{"token":""}', "unreachable"],
    ['{"token":"line\\nbreak"}', "unreachable"],
    [`{"token":"${"x".repeat(1024 * 1024)}"}`, "unreachable"],
  ])("a token server that answers %.20s is unusable", async (body, kind) => {
    const registry = await guarded({ kind: "bearer" });
    registry.fault({ path: /^\/token/, status: 200, body, times: 9 });
    await expect(freshRepository(registry, { credentials: me }).exists(blob(bytes))).rejects.toMatchObject({
      kind,
    });
  });

  test("a Bearer challenge without a token server is an error of its own, rather than a denial", async () => {
    const registry = await guarded({ kind: "bearer" });
    registry.fault({
      times: 99,
      rewrite: (_, question) =>
        failure(401, "UNAUTHORIZED", question, { "www-authenticate": "Bearer service=s" }),
    });
    await expect(freshRepository(registry, { credentials: me }).exists(blob(bytes))).rejects.toMatchObject({
      code: "ERR_OCI_CHALLENGE",
      kind: "unreachable",
    });
  });

  test("a registry that is never satisfied is not asked forever", async () => {
    const registry = await guarded({ kind: "bearer" });
    registry.fault({
      method: "HEAD",
      times: 99,
      rewrite: (_, question) =>
        failure(401, "UNAUTHORIZED", question, {
          "www-authenticate": `Bearer realm="${registry.origin}/token",service="s"`,
        }),
    });
    await expect(freshRepository(registry, { credentials: me }).exists(blob(bytes))).rejects.toMatchObject({
      kind: "denied",
    });
    expect(registry.count("HEAD")).toBeLessThan(6);
  });
});

describe("identity tokens", () => {
  const identity: Credential = { kind: "identity-token", token: "refresh", source: "the test" };

  test("lesson 37: an identity token is exchanged by POST", async () => {
    const registry = await guarded({ kind: "bearer", identityTokens: ["refresh"] });
    await pushImage(freshRepository(registry, { credentials: () => identity }), "v1");
    expect(registry.count("POST", /^\/token/)).toBeGreaterThan(0);
    expect(registry.count("GET", /^\/token/)).toBe(0);
  });

  test("GET is tried if the server answers 401 to POST", async () => {
    const registry = await guarded({ kind: "bearer", users: { "<token>": "refresh" } });
    registry.fault({ method: "POST", path: /^\/token/, status: 401, times: 9 });
    await pushImage(freshRepository(registry, { credentials: () => identity }), "v1");
    expect(registry.count("GET", /^\/token/)).toBeGreaterThan(0);
  });

  test("GET is tried if the server does not support POST", async () => {
    const registry = await guarded({ kind: "bearer", users: { "<token>": "refresh" } });
    await pushImage(freshRepository(registry, { credentials: () => identity }), "v1");
    expect(registry.count("GET", /^\/token/)).toBeGreaterThan(0);
  });
});

describe("basic", () => {
  test("answers the challenge, and is then sent at once", async () => {
    const registry = await guarded({ kind: "basic" });
    const repository = freshRepository(registry, { credentials: me });
    await pushImage(repository, "v1");
    expect(registry.requests.filter(({ status }) => status === 401).length).toBe(1);
  });

  test("is not sent over plain http to another machine unless that host is allowed by name", async () => {
    const { maySendSecret } = await import("../../src/http/secrets.js");
    const cases: [string, boolean][] = [
      ["https://ghcr.io/", true],
      ["http://ghcr.io/", false],
      ["http://registry.local:5000/", false],
      ["http://allowed.example:5000/", true],
      ["http://allowed.example/", false],
      ["http://localhost:5000/", true],
      ["http://127.0.0.1:1/", true],
      ["http://[::1]/", true],
      ["http://127.0.0.1.evil.example/", false],
      ["http://localhost.evil.example/", false],
    ];
    for (const [url, may] of cases)
      expect(
        maySendSecret(url, (host) => host === "allowed.example:5000"),
        url,
      ).toBe(may);
  });
});

describe("errors", () => {
  test("lesson 40: a denied error names the identity and all places that were searched", async () => {
    const registry = await guarded({ kind: "bearer" });
    const credentials = chainCredentials(
      environmentCredentials({}),
      Object.assign(() => undefined, { sources: ["/home/me/.docker/config.json"] }),
    );
    const error = await freshRepository(registry, { credentials })
      .exists(blob(bytes))
      .catch((caught) => caught);
    expect(error).toMatchObject({ kind: "denied", code: "ERR_OCI_DENIED" });
    expect(error.message).toContain(registry.host);
    for (const part of ["anonymous", "SPACK_OCI_USERNAME", "/home/me/.docker/config.json"])
      expect(error.hint).toContain(part);
  });

  test.each(["basic", "bearer"] as const)(
    "a wrong password (%s) is denied, with the user but never the secret",
    async (kind) => {
      const registry = await guarded({ kind });
      const repository = freshRepository(registry, { credentials: () => basic("me", "wr0ng-s3cret") });
      const error = await repository.exists(blob(bytes)).catch((caught) => caught);
      expect(error).toMatchObject({ kind: "denied", hint: expect.stringContaining("me (the test)") });
      const shown = `${error.stack} ${error.hint} ${JSON.stringify(error)}`;
      for (const secret of ["wr0ng-s3cret", Buffer.from("me:wr0ng-s3cret").toString("base64")])
        expect(shown).not.toContain(secret);
    },
  );

  test("credentials are also selected by repository", async () => {
    const registry = await guarded({ kind: "basic", users: { a: "1", b: "2" } });
    const credentials: Credentials = (_, repository) =>
      repository.startsWith("org-a/") ? basic("a", "1") : basic("b", "2");
    for (const name of ["org-a/x", "org-b/x"])
      await freshRepository(registry, { credentials }, name).exists(blob(bytes));
    const users = registry.requests
      .map(({ headers }) => headers["authorization"])
      .filter((header) => header !== undefined)
      .map((header) => Buffer.from(header.replace("Basic ", ""), "base64").toString());
    expect(users).toEqual(["a:1", "b:2"]);
  });

  test("a credential is verified before it is stored", async () => {
    for (const kind of ["basic", "bearer"] as const) {
      const registry = await guarded({ kind });
      await verifyCredential(registry.host, { username: "me", password: "secret" }, { scheme: "http" });
      const wrong = verifyCredential(registry.host, { username: "me", password: "no" }, { scheme: "http" });
      await expect(wrong).rejects.toMatchObject({ kind: "denied" });
    }
  });
});
