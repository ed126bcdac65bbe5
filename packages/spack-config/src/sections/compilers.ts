// The deprecated `compilers:` section, and the parts of it that externals still use.
import { environmentModifications } from "./environment-modifications.js";
import { closed, listOf, type Properties, type Schema, string, stringOrNull, strings } from "./schema.js";

export const compilerFlags: Schema = closed({
  cflags: stringOrNull,
  cxxflags: stringOrNull,
  fflags: stringOrNull,
  cppflags: stringOrNull,
  ldflags: stringOrNull,
  ldlibs: stringOrNull,
});

export const implicitRpaths: Schema = { anyOf: [strings, { type: "boolean" }] };

const paths = closed(
  { cc: stringOrNull, cxx: stringOrNull, f77: stringOrNull, fc: stringOrNull },
  { required: ["cc", "cxx", "f77", "fc"] },
);

const compiler = closed(
  {
    paths,
    flags: compilerFlags,
    spec: string,
    operating_system: string,
    target: string,
    alias: stringOrNull,
    modules: { anyOf: [{ type: "null" }, strings] },
    implicit_rpaths: implicitRpaths,
    environment: environmentModifications,
    extra_rpaths: strings,
  },
  { required: ["paths", "spec", "modules", "operating_system"] },
);

/** Source: `lib/spack/spack/schema/compilers.py`. */
export const compilers: Properties = { compilers: listOf(closed({ compiler })) };
