// Decides which password spack-oci receives. The token of a job must not reach a registry that is not GitHub's.

/**
 * The variables for spack-oci, without those that only the action needs.
 *
 * @param {Readonly<Record<string, string>>} inputs
 * @param {NodeJS.ProcessEnv} environment with the job's token in `JOB_TOKEN`
 * @returns {NodeJS.ProcessEnv}
 */
export function commandEnvironment(inputs, environment) {
  const { INPUTS: _inputs, JOB_TOKEN: jobToken, ...rest } = environment;
  const isOwn = inputs.token !== "" || rest["SPACK_OCI_PASSWORD"] !== undefined;
  const token = inputs.token || (!isOwn && isOnGithub(inputs) ? jobToken : "");
  if (!token) return rest;
  const username = inputs.username || rest["GITHUB_ACTOR"] || "token";
  return { ...rest, SPACK_OCI_USERNAME: username, SPACK_OCI_PASSWORD: token };
}

function isOnGithub({ mirror }) {
  return /^oci:\/\/ghcr\.io\//i.test(mirror.trim());
}
