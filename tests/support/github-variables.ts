// The variables by which GitHub describes a job to what runs in it.

/** @param workflow the name of its file */
export function githubVariables(repository: string, workflow: string) {
  return {
    GITHUB_SERVER_URL: "https://github.com",
    GITHUB_REPOSITORY: repository,
    GITHUB_SHA: "abc",
    GITHUB_WORKFLOW_REF: `${repository}/.github/workflows/${workflow}@refs/heads/main`,
    GITHUB_RUN_ID: "12",
  };
}
