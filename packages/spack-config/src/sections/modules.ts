// The schema of `modules:`: prefix inspections, and named sets of module files.

import { environmentModifications } from "./externals.js";
import {
  boolean,
  closed,
  integer,
  listOf,
  mapping,
  oneOfWords,
  open,
  type Properties,
  projections,
  type Schema,
  string,
  strings,
} from "./schema.js";

const whichDependencies = oneOfWords("none", "run", "direct", "all");

const moduleFile = closed({
  filter: closed({ exclude_env_vars: strings }),
  template: string,
  autoload: whichDependencies,
  prerequisites: whichDependencies,
  conflict: strings,
  load: strings,
  suffixes: { type: "object", additionalKeysAreSpecs: true, additionalProperties: string },
  environment: environmentModifications,
});

const common: Properties = {
  verbose: boolean,
  hash_length: integer(0),
  include: strings,
  exclude: strings,
  exclude_implicits: boolean,
  defaults: strings,
  hide_implicits: boolean,
  naming_scheme: string,
  ...projections,
  all: moduleFile,
};

const prefixInspections: Schema = mapping(strings);

const tcl: Schema = {
  type: "object",
  additionalKeysAreSpecs: true,
  properties: common,
  additionalProperties: moduleFile,
};

const lmod: Schema = {
  ...tcl,
  properties: {
    ...common,
    core_compilers: strings,
    hierarchy: strings,
    core_specs: strings,
    filter_hierarchy_specs: { type: "object", additionalKeysAreSpecs: true, additionalProperties: strings },
  },
};

const moduleSet = closed({
  use_view: { anyOf: [string, boolean] },
  arch_folder: boolean,
  roots: open({ tcl: string, lmod: string }),
  enable: listOf(oneOfWords("tcl", "lmod")),
  lmod,
  tcl,
  prefix_inspections: prefixInspections,
});

/** Source: `lib/spack/spack/schema/modules.py`. */
export const modules: Properties = {
  modules: {
    type: "object",
    properties: { prefix_inspections: prefixInspections },
    additionalProperties: moduleSet,
  },
};
