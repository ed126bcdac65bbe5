// The job of a CI system that a command runs in, in the terms of SLSA provenance.

import type { BuildRecord } from "@spack-oci/buildcache";
import { withoutCredentials } from "./ci-annotations.js";

/**
 * The job, by the variables that the CI system sets in it; undefined outside of GitHub Actions and GitLab CI. Nothing
 * else of the environment is recorded, because variables may be secret.
 */
export function ciBuild(environment: NodeJS.ProcessEnv): BuildRecord | undefined {
  return githubBuild(environment) ?? gitlabBuild(environment);
}

/**
 * A run of a workflow, with the parameters of GitHub's own build type (https://actions.github.io/buildtypes/workflow/v1).
 * Variables: https://docs.github.com/en/actions/reference/variables-reference
 */
function githubBuild(environment: NodeJS.ProcessEnv): BuildRecord | undefined {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name, GITHUB_SHA: commit } = environment;
  const {
    GITHUB_WORKFLOW_REF: workflow,
    GITHUB_RUN_ID: run,
    GITHUB_RUN_ATTEMPT: attempt = "1",
  } = environment;
  if (!server || !name || !commit || !workflow || !run) return undefined;
  const repository = `${server}/${name}`;
  // The path and the reference may contain "@", but the path ends with its extension.
  const [, path = "", ref = ""] = /^(.*?\.ya?ml)@(.*)$/.exec(workflow.replace(`${name}/`, "")) ?? [];
  return {
    buildType: "https://actions.github.io/buildtypes/workflow/v1",
    builder: `${server}/${workflow}`,
    invocation: `${repository}/actions/runs/${run}/attempts/${attempt}`,
    externalParameters: { workflow: { ref, repository, path } },
    internalParameters: {
      github: {
        event_name: environment["GITHUB_EVENT_NAME"],
        repository_id: environment["GITHUB_REPOSITORY_ID"],
        repository_owner_id: environment["GITHUB_REPOSITORY_OWNER_ID"],
        runner_environment: environment["RUNNER_ENVIRONMENT"],
      },
    },
    dependencies: [
      { uri: `git+${repository}@${environment["GITHUB_REF"] ?? ref}`, digest: { gitCommit: commit } },
    ],
  };
}

/**
 * A job, with the parameters of GitLab's own build type, but without `variables`.
 * Variables: https://docs.gitlab.com/ci/variables/predefined_variables/
 */
function gitlabBuild(environment: NodeJS.ProcessEnv): BuildRecord | undefined {
  const { CI_COMMIT_SHA: commit, CI_JOB_URL: job, CI_JOB_NAME: entryPoint } = environment;
  const source = withoutCredentials(environment["CI_PROJECT_URL"] ?? "");
  if (source === undefined || !commit || !job || !entryPoint) return undefined;
  return {
    buildType: "https://docs.gitlab.com/ci/pipeline_security/slsa/provenance_v1",
    builder: `${source}/-/runners/${environment["CI_RUNNER_ID"] ?? "unknown"}`,
    invocation: job,
    externalParameters: { source, entryPoint },
    internalParameters: {
      name: environment["CI_RUNNER_DESCRIPTION"],
      architecture: environment["CI_RUNNER_EXECUTABLE_ARCH"],
      job: environment["CI_JOB_ID"],
    },
    dependencies: [
      { uri: `git+${source}@${environment["CI_COMMIT_REF_NAME"] ?? commit}`, digest: { gitCommit: commit } },
    ],
  };
}
