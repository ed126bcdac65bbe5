// Configurations of module files in the sample store. Each is one set of `modules.yaml`, so that a single install
// writes all.

import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join, relative } from "node:path";

/** Sets by what they are about; each is used for Tcl and for Lmod, whose name is filled in for SYSTEM. */
const COMMON_CONFIGURATIONS: Readonly<Record<string, string>> = {
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
const LMOD_CONFIGURATIONS: Readonly<Record<string, string>> = {
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

/** One set of module files. */
export interface ModuleConfiguration {
  readonly title: string;
  readonly system: "tcl" | "lmod";
  /** The name of the set. */
  readonly set: string;
  readonly text: string;
}

/** All sets, each for one system; the first one is Spack's own default set. */
export const MODULE_CONFIGURATIONS: readonly ModuleConfiguration[] = [
  ...Object.entries(COMMON_CONFIGURATIONS).map(([title, text]) => ({ title, system: "tcl" as const, text })),
  ...Object.entries({ ...COMMON_CONFIGURATIONS, ...LMOD_CONFIGURATIONS }).map(([title, text]) => ({
    title,
    system: "lmod" as const,
    text,
  })),
].map((configuration, index) => ({ ...configuration, set: index === 0 ? "default" : `set-${index}` }));

/** The text of `modules.yaml` with every configuration as a set with its own root below `trees`. */
export function modulesYaml(trees: string): string {
  const sets = MODULE_CONFIGURATIONS.map(({ system, set, text }) => {
    const head = `    ${system}:\n`;
    const needsCore = system === "lmod" && !text.includes("core_compilers");
    const core = needsCore ? "      core_compilers: [ gcc@12.2.0 ]\n" : "";
    const written = text.trim() === "{}" ? "" : `${text.replaceAll("SYSTEM", system).trim()}\n`;
    const own = written === "" ? "" : `    ${written}`;
    const settings = own.includes(head)
      ? own.replace(head, head + core)
      : own + (needsCore ? head + core : "");
    return `  ${set}:\n    enable: [ ${system} ]\n    roots: { ${system}: ${trees}/${set} }\n${settings}`;
  });
  return `modules:\n${sets.join("")}`;
}

/** Every entry below a directory: files with their modes and texts, without times; links with their targets. */
export function readModuleTree(directory: string): Record<string, string> {
  const tree: Record<string, string> = {};
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const mode = (lstatSync(path).mode & 0o7777).toString(8);
    const name = relative(directory, path);
    if (entry.isSymbolicLink()) tree[name] = `-> ${readlinkSync(path)}`;
    else tree[name] = entry.isFile() ? `${mode}\n${withoutTime(readFileSync(path, "utf8"))}` : mode;
  }
  return tree;
}

function withoutTime(text: string): string {
  return text.replace(/ on \d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{6})?$/m, " on TIME");
}

/** Packages of the sample store whose module files are kept as fixtures. */
const KEPT = /(?:^|\/)(?:margo-lite|libfabric-lite|gcc-runtime|glibc)(?:\/|$)|modulerc/;

/** Packages that share a name in some configuration, or whose recipe adds variables. */
const LEFT_OUT = /(?:mercury|bedrock)-lite/;

/** The part of a tree that is kept as a fixture, with placeholders for the store's root and for `trees`. */
export function keptPart(
  tree: Readonly<Record<string, string>>,
  places: { readonly root: string; readonly trees: string },
): Record<string, string> {
  const kept = Object.entries(tree).filter(([name]) => KEPT.test(name) && !LEFT_OUT.test(name));
  return Object.fromEntries(
    kept
      .map(([name, text]): [string, string] => [
        name,
        inFixedOrder(name, text).replaceAll(places.root, "@ROOT@").replaceAll(places.trees, "@TREES@"),
      ])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** Hidden modules are listed in the order in which they were written. */
function inFixedOrder(name: string, text: string): string {
  return name.includes("modulerc") ? text.split("\n").sort().join("\n") : text;
}
