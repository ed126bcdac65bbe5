// Deleting at GitHub's registry, through an API that answers as its documentation says.
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

/** A repository on a registry that refuses DELETE, and GitHub's API beside it. */
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

test("versions are listed once and deleted by their number", async () => {
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

test("a tag that shares its manifest is moved away, and the other stays", async () => {
  const repository = await githubRepository("org/shared");
  const { descriptor } = await pushImage(repository, "doomed");
  await repository.tag(descriptor, "stays");
  expect(await repository.deleteTags(["doomed"])).toEqual([{ tag: "doomed" }]);
  expect(await repository.resolve("stays")).toEqual(descriptor);
  await expect(repository.resolve("doomed")).rejects.toMatchObject({ kind: "not-found" });
});

test("packages of users have a path of their own", async () => {
  const repository = await githubRepository("me/cache", { ownerKind: "users" });
  await pushImage(repository, "a");
  await pushImage(repository, "b");
  expect(await repository.deleteTags(["a"])).toEqual([{ tag: "a" }]);
  expect(api.requests.filter((request) => request.startsWith("DELETE"))).toEqual([
    "DELETE /users/me/packages/container/cache/versions/1000",
  ]);
});

test("a token without the right to delete is noticed before anything is deleted", async () => {
  const repository = await githubRepository("org/read-only", { scopes: "read:packages, repo" });
  await pushImage(repository, "a");
  await expect(repository.checkDeletion()).rejects.toMatchObject({
    kind: "denied",
    message: expect.stringContaining("read:packages, repo"),
    hint: expect.stringContaining("delete:packages"),
  });
});

test("a token that may delete is let through", async () => {
  const repository = await githubRepository("org/full", { scopes: "read:packages, delete:packages" });
  await pushImage(repository, "a");
  await expect(repository.checkDeletion()).resolves.toBeUndefined();
});

test("a wrong token and no token are denied, with what to do", async () => {
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

test("a package that is not there is not found", async () => {
  const repository = await githubRepository("org/cache", { name: "other" });
  await expect(repository.checkDeletion()).rejects.toMatchObject({ kind: "not-found" });
});

test("the last version stays, and GitHub says why", async () => {
  const repository = await githubRepository("org/last");
  await pushImage(repository, "only");
  expect(await repository.deleteTags(["only"])).toMatchObject([
    { tag: "only", error: { message: expect.stringContaining("delete the package instead") } },
  ]);
});

test("the token is sent to nobody else, whatever the list of versions links to", async () => {
  const elsewhere = `${context.registry.origin}/elsewhere`;
  const repository = await githubRepository("org/linked", { next: elsewhere });
  await pushImage(repository, "a");
  expect(await repository.deleteTags(["a"])).toMatchObject([{ tag: "a", error: { kind: "denied" } }]);
  expect(context.registry.count("GET", /elsewhere/)).toBe(0);
});
