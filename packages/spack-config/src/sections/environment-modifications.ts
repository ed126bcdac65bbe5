// Changes to environment variables, as modules, externals and `env_vars:` describe them.
import { closed, mapping, type Schema, strings } from "./schema.js";

const values = mapping({ anyOf: [{ type: "string" }, { type: "number" }] });

/** Source: `lib/spack/spack/schema/environment.py`. */
export const environmentModifications: Schema = closed({
  set: values,
  unset: strings,
  prepend_path: values,
  append_path: values,
  remove_path: values,
});
