// The schema of `config:`. Unknown keys are accepted.

import {
  boolean,
  integer,
  mapping,
  oneOfWords,
  open,
  type Properties,
  projections,
  type Schema,
  string,
  stringOrStrings,
  strings,
} from "./schema.js";

const rpathOrRunpath = oneOfWords("rpath", "runpath");

const installTree: Schema = open({
  root: string,
  padded_length: { oneOf: [integer(0), boolean] },
  ...projections,
});

const sharedLinking: Schema = {
  anyOf: [
    rpathOrRunpath,
    open({
      type: rpathOrRunpath,
      bind: boolean,
      missing_library_policy: { enum: ["error", "warn", "ignore"] },
    }),
  ],
};

/** Source: `lib/spack/spack/schema/config.py`. */
export const config: Properties = {
  config: open({
    flags: open({ keep_werror: oneOfWords("all", "specific", "none") }),
    shared_linking: sharedLinking,
    install_tree: installTree,
    install_hash_length: integer(1),
    build_stage: stringOrStrings,
    stage_name: string,
    develop_stage_link: string,
    test_stage: string,
    extensions: strings,
    template_dirs: strings,
    license_dir: string,
    source_cache: string,
    misc_cache: string,
    environments_root: string,
    connect_timeout: integer(0),
    verify_ssl: boolean,
    ssl_certs: string,
    suppress_gpg_warnings: boolean,
    debug: boolean,
    checksum: boolean,
    deprecated: boolean,
    locks: boolean,
    dirty: boolean,
    build_language: string,
    build_jobs: integer(1),
    concurrent_packages: integer(0),
    ccache: boolean,
    db_lock_timeout: integer(1),
    package_lock_timeout: { anyOf: [integer(1), { type: "null" }] },
    allow_sgid: boolean,
    install_status: boolean,
    url_fetch_method: { anyOf: [{ enum: ["urllib", "curl"] }, { type: "string", pattern: /^curl / }] },
    additional_external_search_paths: strings,
    binary_index_ttl: integer(0),
    aliases: mapping(string),
    installer: oneOfWords("old", "new"),
  }),
};
