// Annotations of images built in CI jobs.

import { describe, expect, it } from "vitest";
import { ciAnnotations } from "../../src/process/ci-annotations.js";

const created = new Date("2026-01-02T03:04:05Z");
const annotations = (environment: NodeJS.ProcessEnv) =>
  Object.fromEntries(ciAnnotations(environment, created));
const github = { GITHUB_SERVER_URL: "https://github.com", GITHUB_REPOSITORY: "mochi-hpc/x" };

describe("ciAnnotations", () => {
  it("names the repository, commit and time in a GitHub job", () => {
    expect(annotations({ ...github, GITHUB_SHA: "abc" })).toEqual({
      "org.opencontainers.image.source": "https://github.com/mochi-hpc/x",
      "org.opencontainers.image.revision": "abc",
      "org.opencontainers.image.created": "2026-01-02T03:04:05.000Z",
    });
  });

  it("names the same in a GitLab job, without credentials", () => {
    const environment = { CI_PROJECT_URL: "https://ci:secret@gitlab.com/a/b", CI_COMMIT_SHA: "def" };
    expect(annotations(environment)).toEqual({
      "org.opencontainers.image.source": "https://gitlab.com/a/b",
      "org.opencontainers.image.revision": "def",
      "org.opencontainers.image.created": "2026-01-02T03:04:05.000Z",
    });
  });

  it("omits an unknown commit", () => {
    expect(Object.keys(annotations(github))).toEqual([
      "org.opencontainers.image.source",
      "org.opencontainers.image.created",
    ]);
  });

  it.each([
    ["outside of CI", {}],
    ["without a repository", { GITHUB_SERVER_URL: "https://github.com", GITHUB_SHA: "abc" }],
    ["for a source that is not a URL", { CI_PROJECT_URL: "a/b" }],
  ])("is empty %s", (_where, environment) => {
    expect(annotations(environment)).toEqual({});
  });
});
