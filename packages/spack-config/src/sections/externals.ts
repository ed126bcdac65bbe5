// The schema of `packages:NAME:externals`.

import {
  closed,
  listOf,
  mapping,
  open,
  type Schema,
  string,
  stringOrNull,
  stringOrStrings,
  strings,
} from "./schema.js";

const values = mapping({ anyOf: [{ type: "string" }, { type: "number" }] });

/** Changes to environment variables, in modules and externals. Source: `lib/spack/spack/schema/environment.py`. */
export const environmentModifications: Schema = closed({
  set: values,
  unset: strings,
  prepend_path: values,
  append_path: values,
  remove_path: values,
});

const compilerFlags: Schema = closed({
  cflags: stringOrNull,
  cxxflags: stringOrNull,
  fflags: stringOrNull,
  cppflags: stringOrNull,
  ldflags: stringOrNull,
  ldlibs: stringOrNull,
});

const implicitRpaths: Schema = { anyOf: [strings, { type: "boolean" }] };

const compilerPaths: Schema = {
  ...open({ c: string, cxx: string, fortran: string }),
  patternProperties: [[/^\w/, string]],
  additionalProperties: false,
};

const extraAttributes: Schema = {
  type: "object",
  additionalProperties: string,
  properties: {
    compilers: compilerPaths,
    environment: environmentModifications,
    extra_rpaths: strings,
    implicit_rpaths: implicitRpaths,
    flags: compilerFlags,
  },
};

const dependencies = listOf(open({ id: string, spec: string, deptypes: stringOrStrings, virtuals: string }));

/** Source: `lib/spack/spack/schema/packages.py`, `externals`. */
export const externals: Schema = listOf({
  ...open({
    spec: string,
    prefix: string,
    modules: strings,
    id: string,
    extra_attributes: extraAttributes,
    dependencies,
  }),
  additionalProperties: false,
  required: ["spec"],
});
