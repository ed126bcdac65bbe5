// Annotations that link images built in a CI job to their repository and commit.

import type { Annotations } from "@spack-oci/buildcache";

/** The environment variables that a CI system sets in its jobs. */
interface CiSystem {
  readonly source: (environment: NodeJS.ProcessEnv) => string | undefined;
  readonly revision: string;
}

const SYSTEMS: readonly CiSystem[] = [
  // GitHub, and Gitea and Forgejo with the same names
  // (https://docs.github.com/en/actions/reference/variables-reference).
  {
    source: ({ GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository }) =>
      server && repository ? `${server}/${repository}` : undefined,
    revision: "GITHUB_SHA",
  },
  // https://docs.gitlab.com/ci/variables/predefined_variables/
  { source: (environment) => environment["CI_PROJECT_URL"], revision: "CI_COMMIT_SHA" },
];

/**
 * `source`, `revision` and `created` below `org.opencontainers.image` (OCI image specification, "Pre-Defined Annotation
 * Keys"); none outside of CI, so that manifests equal Spack's. GitHub's registry links a package to its repository by
 * the source.
 *
 * @param created the creation time in the images
 */
export function ciAnnotations(environment: NodeJS.ProcessEnv, created: Date): Annotations {
  for (const system of SYSTEMS) {
    const source = withoutCredentials(system.source(environment) ?? "");
    if (source === undefined) continue;
    const revision = environment[system.revision];
    return new Map([
      ["org.opencontainers.image.source", source],
      ...(revision ? [["org.opencontainers.image.revision", revision] as const] : []),
      ["org.opencontainers.image.created", created.toISOString()],
    ]);
  }
  return new Map();
}

/** A URL that is safe to publish; undefined for text that is not a URL. */
export function withoutCredentials(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  url.username = "";
  url.password = "";
  return url.href;
}
