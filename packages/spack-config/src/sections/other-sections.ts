// Schemas of further sections.

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

/** Source: `lib/spack/spack/schema/upstreams.py`. */
export const upstreams: Properties = {
  upstreams: mapping(closed({ install_tree: string, modules: open({ tcl: string, lmod: string }) })),
};

/** Source: `lib/spack/spack/schema/spec_list.py`. */
export const specList: Schema = listOf({
  anyOf: [closed({ matrix: listOf(strings), exclude: strings }), string, { type: "null" }],
});

/** Source: `lib/spack/spack/schema/definitions.py`. */
export const definitions: Properties = {
  definitions: listOf({ ...open({ when: string }), additionalProperties: specList }),
};

/** Source: `lib/spack/spack/schema/toolchains.py`. */
export const toolchains: Properties = {
  toolchains: mapping({ oneOf: [string, listOf(open({ spec: string, when: string }))] }),
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

/** Sections that are never read here. Spack itself reports errors in them. */
export const unreadSections = {
  bootstrap: {},
  cdash: {},
  ci: {},
  compilers: {},
  concretizer: {},
  develop: {},
  env_vars: {},
} satisfies Properties;
