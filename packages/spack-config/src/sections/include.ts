// The schema of `include:`: paths, and paths or git repositories with conditions.

import { boolean, listOf, open, type Properties, string, strings } from "./schema.js";

const path = {
  ...open({
    when: string,
    name: string,
    path_override_env_var: string,
    path: string,
    sha256: string,
    optional: boolean,
    prefer_modify: boolean,
  }),
  required: ["path"],
  additionalProperties: false,
};

const git = {
  ...open({
    git: string,
    branch: string,
    commit: string,
    tag: string,
    paths: strings,
    when: string,
    optional: boolean,
  }),
  required: ["git", "paths"],
  additionalProperties: false,
};

/** Source: `lib/spack/spack/schema/include.py`. */
export const include: Properties = { include: listOf({ anyOf: [string, path, git] }) };
