// What jobs of CI systems say of the images that they make.
import { describe, expect, it } from "vitest";
import { ciAnnotations } from "../../src/process/ci-annotations.js";

const created = new Date("2026-01-02T03:04:05Z");
const annotations = (environment: NodeJS.ProcessEnv) =>
  Object.fromEntries(ciAnnotations(environment, created));
const github = { GITHUB_SERVER_URL: "https://github.com", GITHUB_REPOSITORY: "mochi-hpc/x" };

describe("ciAnnotations", () => {
  it("names the repository, the commit and the time in a job of GitHub", () => {
    expect(annotations({ ...github, GITHUB_SHA: "abc" })).toEqual({
      "org.opencontainers.image.source": "https://github.com/mochi-hpc/x",
      "org.opencontainers.image.revision": "abc",
      "org.opencontainers.image.created": "2026-01-02T03:04:05.000Z",
    });
  });

  it("names the same in a job of GitLab, without credentials", () => {
    const environment = { CI_PROJECT_URL: "https://ci:secret@gitlab.com/a/b", CI_COMMIT_SHA: "def" };
    expect(annotations(environment)).toEqual({
      "org.opencontainers.image.source": "https://gitlab.com/a/b",
      "org.opencontainers.image.revision": "def",
      "org.opencontainers.image.created": "2026-01-02T03:04:05.000Z",
    });
  });

  it("leaves out a commit that is not told", () => {
    expect(Object.keys(annotations(github))).toEqual([
      "org.opencontainers.image.source",
      "org.opencontainers.image.created",
    ]);
  });

  it.each([
    ["outside of CI", {}],
    ["without a repository", { GITHUB_SERVER_URL: "https://github.com", GITHUB_SHA: "abc" }],
    ["for what is no URL", { CI_PROJECT_URL: "a/b" }],
  ])("says nothing %s", (_where, environment) => {
    expect(annotations(environment)).toEqual({});
  });
});
