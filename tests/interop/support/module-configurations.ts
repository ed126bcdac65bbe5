// Configurations of module files in the sample store. Each is one set of `modules.yaml`, so that a single install writes all.

/** Sets by what they are about; each is used for Tcl and for Lmod, whose name is filled in for SYSTEM. */
export const COMMON_CONFIGURATIONS: Readonly<Record<string, string>> = {
  "nothing but what is enabled": `{}
`,
  "projections with architecture and compiler": `
    SYSTEM:
      hash_length: 0
      projections:
        all: "{architecture.platform}/{name}/{version}-{compiler.name}-{compiler.version}"
        mercury-lite+checksum: "{name}/{version}-checksum-{hash:5}"
        ^mercury-lite: "with-mercury/{name}/{version}"
        "%gcc@12": "built/{name}/{version}{variants.build_system}-{hash:4}"
`,
  "a naming scheme of old": `
    arch_folder: false
    SYSTEM:
      hash_length: 3
      naming_scheme: "{name}/{version}/{compiler.name}"
`,
  "suffixes, merged with those of specs": `
    SYSTEM:
      hash_length: 0
      all:
        suffixes:
          "^mercury-lite@2.4+checksum": checksum
          "^interp-lite": interp-{^interp-lite.version}
          "+debug": debug
          "@2:": recent
      libfabric-lite:
        suffixes: { "fabrics=verbs": verbs, "+debug": debug, "~debug": optimized }
      argobots-lite:
        suffixes: { "stackguard=mprotect": guarded, "stackguard=none": guarded }
`,
  "exclusions and inclusions": `
    SYSTEM:
      include: [ "mercury-lite+checksum", "json-c-lite" ]
      exclude: [ "mercury-lite", "%c=gcc", "interp-lite" ]
`,
  "no implicit modules": `
    SYSTEM:
      exclude_implicits: true
      include: [ "margo-lite" ]
      all: { autoload: all }
`,
  "hidden implicit modules, and defaults": `
    SYSTEM:
      hide_implicits: true
      hash_length: 0
      defaults: [ "argobots-lite@1.2", "libfabric-lite@1.22:", "json-c-lite" ]
      exclude: [ "libfabric-lite@1.21.1" ]
`,
  "all dependencies, loaded and required": `
    SYSTEM:
      all: { autoload: all, prerequisites: direct }
      bedrock-lite: { autoload: none, prerequisites: all, load: [ "site/base", "site/tools" ] }
      mochi-suite: { load: [ "suite/extra" ], autoload: run }
`,
  "run dependencies, and names that conflict": `
    SYSTEM:
      verbose: true
      projections: { all: "{name}/{version}-{hash:7}" }
      hash_length: 0
      all: { autoload: run, conflict: [ "{name}", "{name}/{version}-{hash:7}" ] }
      margo-lite: { conflict: [ "intel/14.0.1", "{name}/{version}-{hash:7}/{variants}" ] }
`,
  "environment variables": `
    SYSTEM:
      all:
        environment:
          set:
            "{name}_ROOT": "{prefix}"
            "{name}_VERSION": "{version}"
            PLAIN: value
            NUMBER: 3
            FRACTION: 1.0
            COMPILER: "{compiler.name} {compiler.version}"
          unset: [ OLD, "{name}_OLD" ]
      "^json-c-lite":
        environment:
          unset: [ JSON_DEBUG ]
          prepend_path: { JSON_PATH: "{^json-c-lite.prefix}/share", PATH: "{prefix.libexec}" }
          append_path: { MANPATH: "{prefix}/doc/man" }
          remove_path: { PATH: /opt/old/bin }
      tricky-lite:
        environment: { set: { PLAIN: "special {architecture.target}" } }
`,
  "a filter, overriding keys, and inspections of a set": `
    prefix_inspections:
      lib: [ LD_LIBRARY_PATH, LIBRARY_PATH ]
      ./bin: [ OTHER_PATH ]
      include/../share: [ XDG_DATA_DIRS ]
      "": [ "{name}_PREFIX" ]
      /usr/share/man: [ MANPATH ]
    SYSTEM:
      all:
        autoload: none
        filter: { exclude_env_vars: [ LIBRARY_PATH, CMAKE_PREFIX_PATH ] }
        environment: { set: { FROM_ALL: "1" } }
      margo-lite::
        environment: { set: { ONLY: "{name}" } }
      "@2:":
        environment: { set: { SECOND: "2" } }
`,
};

/** Sets for the hierarchy of Lmod, where `libc` and `c` are virtual packages with providers. */
export const LMOD_CONFIGURATIONS: Readonly<Record<string, string>> = {
  "a hierarchy over the C library": `
    lmod:
      hierarchy: [ libc ]
`,
  "a hierarchy of several services, with hidden modules": `
    lmod:
      hierarchy: [ libc, iconv, c ]
      hide_implicits: true
`,
  "core packages, and filtered services": `
    lmod:
      hierarchy: [ libc, compiler ]
      core_specs: [ "interp-lite", "mercury-lite+checksum" ]
      filter_hierarchy_specs:
        margo-lite: [ libc ]
        "@1.21:1.22": [ compiler ]
`,
  "core compilers that built nothing": `
    lmod:
      core_compilers:: [ gcc@8.3.0 ]
      hierarchy: [ libc ]
      hash_length: 0
`,
};
