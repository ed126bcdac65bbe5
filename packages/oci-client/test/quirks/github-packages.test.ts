// Deletions at GitHub's registry, through a model of its API after its documentation.

import { afterEach, expect, test } from "vitest";
import {
  type GithubPackages,
  type GithubPackagesOptions,
  startGithubPackages,
} from "../../../../tests/support/github-packages.js";
import { basic, freshRepository, pushImage, useRegistry } from "../support/registry.js";

const context = useRegistry();
let api: GithubPackages;
afterEach(() => api.close());

/** A repository on a registry that rejects DELETE, with GitHub's API beside it. */
async function githubRepository(
  name: string,
  options: Partial<GithubPackagesOptions> = {},
  password: string | undefined = "token",
) {
  const { registry } = context;
  const [owner = "", ...rest] = name.split("/");
  registry.fault({ method: "DELETE", status: 405, times: Number.POSITIVE_INFINITY });
  api = await startGithubPackages({
    owner,
    ownerKind: "orgs",
    name: rest.join("/"),
    repository: registry.storage.repository(name),
    token: "token",
    ...options,
  });
  return freshRepository(
    registry,
    {
      knownHost: () => ({ githubApi: api.origin }),
      credentials: () => (password === "" ? undefined : basic("me", password)),
    },
    name,
  );
}

test("lists versions once and deletes them by number", async () => {
  const repository = await githubRepository("org/deep/cache");
  for (let i = 0; i < 120; i += 1) await pushImage(repository, `v${i}`);
  await repository.checkDeletion();
  api.requests.length = 0;
  expect(await repository.deleteTags(["v1", "v2", "v119"])).toEqual([
    { tag: "v1" },
    { tag: "v2" },
    { tag: "v119" },
  ]);
  const versions = "/orgs/org/packages/container/deep%2Fcache/versions";
  expect(api.requests).toEqual([
    `GET ${versions}?per_page=100`,
    `GET ${versions}?per_page=100&page=2`,
    `DELETE ${versions}/1001`,
    `DELETE ${versions}/1002`,
    `DELETE ${versions}/1119`,
  ]);
  await expect(repository.resolve("v1")).rejects.toMatchObject({ kind: "not-found" });
  expect(await repository.resolve("v3")).toMatchObject({ size: expect.any(Number) });
});

test("moves a tag away that shares its manifest, and keeps the other", async () => {
  const repository = await githubRepository("org/shared");
  const { descriptor } = await pushImage(repository, "to-delete");
  await repository.tag(descriptor, "stays");
  expect(await repository.deleteTags(["to-delete"])).toEqual([{ tag: "to-delete" }]);
  expect(await repository.resolve("stays")).toEqual(descriptor);
  await expect(repository.resolve("to-delete")).rejects.toMatchObject({ kind: "not-found" });
});

test("uses the separate path for packages of users", async () => {
  const repository = await githubRepository("me/cache", { ownerKind: "users" });
  await pushImage(repository, "a");
  await pushImage(repository, "b");
  expect(await repository.deleteTags(["a"])).toEqual([{ tag: "a" }]);
  expect(api.requests.filter((request) => request.startsWith("DELETE"))).toEqual([
    "DELETE /users/me/packages/container/cache/versions/1000",
  ]);
});

test("reports a token that cannot delete before it deletes anything", async () => {
  const repository = await githubRepository("org/read-only", { scopes: "read:packages, repo" });
  await pushImage(repository, "a");
  await expect(repository.checkDeletion()).rejects.toMatchObject({
    kind: "denied",
    message: expect.stringContaining("read:packages, repo"),
    hint: expect.stringContaining("delete:packages"),
  });
});

test("accepts a token that can delete", async () => {
  const repository = await githubRepository("org/full", { scopes: "read:packages, delete:packages" });
  await pushImage(repository, "a");
  await expect(repository.checkDeletion()).resolves.toBeUndefined();
});

test("a wrong token and a missing one are denied, with a hint", async () => {
  const wrong = await githubRepository("org/wrong", {}, "other");
  await expect(wrong.checkDeletion()).rejects.toMatchObject({
    kind: "denied",
    message: expect.stringContaining("Bad credentials"),
  });
  await api.close();
  const none = await githubRepository("org/none", {}, "");
  await expect(none.checkDeletion()).rejects.toMatchObject({ kind: "denied", hint: /delete:packages/ });
  expect(api.requests).toEqual([]);
});

test("a missing package is not found", async () => {
  const repository = await githubRepository("org/cache", { name: "other" });
  await expect(repository.checkDeletion()).rejects.toMatchObject({ kind: "not-found" });
});

test("keeps the last version, and passes on GitHub's reason", async () => {
  const repository = await githubRepository("org/last");
  await pushImage(repository, "only");
  expect(await repository.deleteTags(["only"])).toMatchObject([
    { tag: "only", error: { message: expect.stringContaining("delete the package instead") } },
  ]);
});

test.each(["malformed>", "http://[bad"])(
  "a list of versions that continues at %s is an error",
  async (next) => {
    const repository = await githubRepository("org/unlinked", { next });
    await pushImage(repository, "a");
    expect(await repository.deleteTags(["a"])).toMatchObject([
      { tag: "a", error: { code: "ERR_OCI_TAG_LIST", kind: "unreachable" } },
    ]);
  },
);

test("sends the token to no other host, wherever the list of versions links to", async () => {
  const elsewhere = `${context.registry.origin}/elsewhere`;
  const repository = await githubRepository("org/linked", { next: elsewhere });
  await pushImage(repository, "a");
  expect(await repository.deleteTags(["a"])).toMatchObject([{ tag: "a", error: { kind: "denied" } }]);
  expect(context.registry.count("GET", /elsewhere/)).toBe(0);
});
