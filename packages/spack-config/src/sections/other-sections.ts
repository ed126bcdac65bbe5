// Sections that nothing here uses. They are checked, since Spack refuses an environment with a wrong one.
import { environmentModifications } from "./environment-modifications.js";
import {
  boolean,
  closed,
  listOf,
  mapping,
  oneOfWords,
  open,
  type Properties,
  type Schema,
  string,
  strings,
} from "./schema.js";

/** Source: `lib/spack/spack/schema/repos.py`. */
export const repos: Properties = {
  repos: {
    oneOf: [
      strings,
      mapping({
        oneOf: [
          string,
          {
            ...open({
              git: string,
              branch: string,
              commit: string,
              tag: string,
              destination: string,
              paths: strings,
            }),
            additionalProperties: false,
          },
        ],
      }),
    ],
  },
};

/** Source: `lib/spack/spack/schema/bootstrap.py`. */
export const bootstrap: Properties = {
  bootstrap: open({
    enable: boolean,
    root: string,
    sources: listOf({
      ...open({ name: string, metadata: string }),
      additionalProperties: false,
      required: ["name", "metadata"],
    }),
    trusted: mapping(boolean),
  }),
};

/** Source: `lib/spack/spack/schema/develop.py`. */
export const develop: Properties = {
  develop: mapping(closed({ spec: string, path: string }, { required: ["spec"] })),
};

/** Source: `lib/spack/spack/schema/toolchains.py`. */
export const toolchains: Properties = {
  toolchains: mapping({ oneOf: [string, listOf(open({ spec: string, when: string }))] }),
};

/** Source: `lib/spack/spack/schema/env_vars.py`. */
export const envVars: Properties = { env_vars: environmentModifications };

/** Source: `lib/spack/spack/schema/cdash.py`. */
export const cdash: Properties = {
  cdash: closed(
    { "build-group": string, url: string, project: string, site: string },
    { required: ["build-group"] },
  ),
};

const stages: Schema = {
  anyOf: [
    {
      ...closed({
        os: string,
        spack: {
          anyOf: [string, closed({ url: string, ref: string, resolve_sha: boolean, verify: boolean })],
        },
      }),
      required: ["os", "spack"],
    },
    { ...closed({ build: string, final: string }), required: ["build", "final"] },
  ],
};

/** Source: `lib/spack/spack/schema/container.py`. */
export const container: Properties = {
  container: closed({
    format: oneOfWords("docker", "singularity"),
    images: stages,
    strip: boolean,
    os_packages: {
      ...open({
        command: oneOfWords("apt", "yum", "zypper", "apk", "yum_amazon"),
        update: boolean,
        build: strings,
        final: strings,
      }),
      additionalProperties: false,
    },
    labels: { type: "object" },
    template: string,
    singularity: closed({ runscript: string, startscript: string, test: string, help: string }),
    docker: closed({}),
    depfile: boolean,
  }),
};
