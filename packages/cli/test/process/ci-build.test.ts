// Jobs of CI systems as provenance describes them.

import { describe, expect, it } from "vitest";
import { ciBuild } from "../../src/process/ci-build.js";

const GITHUB = {
  GITHUB_SERVER_URL: "https://github.com",
  GITHUB_REPOSITORY: "octocat/hello",
  GITHUB_SHA: "abc",
  GITHUB_REF: "refs/tags/v1",
  GITHUB_WORKFLOW_REF: "octocat/hello/.github/workflows/a@b.yml@refs/tags/v1@2",
  GITHUB_RUN_ID: "12",
  GITHUB_RUN_ATTEMPT: "3",
  GITHUB_EVENT_NAME: "push",
  RUNNER_ENVIRONMENT: "github-hosted",
  SECRET_TOKEN: "hidden",
};

const GITLAB = {
  CI_PROJECT_URL: "https://ci:secret@gitlab.com/a/b",
  CI_COMMIT_SHA: "def",
  CI_COMMIT_REF_NAME: "main",
  CI_JOB_URL: "https://gitlab.com/a/b/-/jobs/7",
  CI_JOB_NAME: "push",
  CI_JOB_ID: "7",
  CI_RUNNER_ID: "5",
  CI_JOB_TOKEN: "hidden",
};

describe("a build", () => {
  it("is a run of a workflow in GitHub Actions", () => {
    expect(ciBuild(GITHUB)).toMatchObject({
      builder: "https://github.com/octocat/hello/.github/workflows/a@b.yml@refs/tags/v1@2",
      invocation: "https://github.com/octocat/hello/actions/runs/12/attempts/3",
      externalParameters: {
        workflow: {
          repository: "https://github.com/octocat/hello",
          path: ".github/workflows/a@b.yml",
          ref: "refs/tags/v1@2",
        },
      },
      internalParameters: { github: { event_name: "push", runner_environment: "github-hosted" } },
      dependencies: [
        { uri: "git+https://github.com/octocat/hello@refs/tags/v1", digest: { gitCommit: "abc" } },
      ],
    });
  });

  it("is a job in GitLab CI", () => {
    expect(ciBuild(GITLAB)).toMatchObject({
      builder: "https://gitlab.com/a/b/-/runners/5",
      invocation: "https://gitlab.com/a/b/-/jobs/7",
      externalParameters: { source: "https://gitlab.com/a/b", entryPoint: "push" },
      dependencies: [{ uri: "git+https://gitlab.com/a/b@main", digest: { gitCommit: "def" } }],
    });
  });

  it.each([
    ["GitHub", GITHUB],
    ["GitLab", GITLAB],
  ])("contains no secrets of a job of %s", (_, environment) => {
    expect(JSON.stringify(ciBuild(environment))).not.toMatch(/secret|hidden/);
  });

  it.each([
    ["outside of CI", {}],
    ["without a commit", { ...GITHUB, GITHUB_SHA: "" }],
    ["without a job", { ...GITLAB, CI_JOB_URL: undefined }],
  ])("is undefined %s", (_, environment) => {
    expect(ciBuild(environment)).toBeUndefined();
  });
});
