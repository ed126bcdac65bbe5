// What `packages:NAME:externals` may hold.
import { compilerFlags, implicitRpaths } from "./compilers.js";
import { environmentModifications } from "./environment-modifications.js";
import { listOf, open, type Schema, string, stringOrStrings, strings } from "./schema.js";

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
