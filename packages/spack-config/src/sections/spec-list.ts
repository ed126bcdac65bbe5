// Lists of specs, as `specs:` and `definitions:` hold them.
import { closed, listOf, open, type Properties, type Schema, string, strings } from "./schema.js";

/** Source: `lib/spack/spack/schema/spec_list.py`. */
export const specList: Schema = listOf({
  anyOf: [closed({ matrix: listOf(strings), exclude: strings }), string, { type: "null" }],
});

/** Source: `lib/spack/spack/schema/definitions.py`. */
export const definitions: Properties = {
  definitions: listOf({ ...open({ when: string }), additionalProperties: specList }),
};
