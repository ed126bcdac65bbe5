// The schema of `packages:`, for `all` and for single packages.

import { externals } from "./externals.js";
import {
  boolean,
  closed,
  listOf,
  mapping,
  oneOfWords,
  type Properties,
  type Schema,
  string,
  stringOrStrings,
  strings,
} from "./schema.js";

const whom = oneOfWords("user", "group", "world");
const permissions = closed({ read: whom, write: whom, group: string });

const require: Schema = {
  oneOf: [
    listOf({
      oneOf: [
        closed({ one_of: strings, any_of: strings, spec: string, message: string, when: string }),
        string,
      ],
    }),
    string,
  ],
};

const preferences = listOf({ oneOf: [closed({ spec: string, message: string, when: string }), string] });

const packageAttributes: Schema = {
  type: "object",
  additionalProperties: false,
  patternProperties: [[/^[a-zA-Z_]\w*$/, {}]],
};

const all: Schema = {
  ...closed({
    require,
    prefer: preferences,
    conflict: preferences,
    target: strings,
    compiler: strings,
    buildable: boolean,
    permissions,
    package_attributes: packageAttributes,
    providers: mapping(strings),
    variants: stringOrStrings,
  }),
  deprecatedProperties: {
    compiler:
      "The packages:all:compiler preference has been deprecated in Spack v1.0, and is currently ignored. " +
      "It will be removed from config in Spack v1.2.",
  },
};

const onePackage = closed({
  require,
  prefer: preferences,
  conflict: preferences,
  version: listOf({ anyOf: [string, { type: "number" }] }),
  buildable: boolean,
  permissions,
  package_attributes: packageAttributes,
  variants: stringOrStrings,
  externals,
});

/** Source: `lib/spack/spack/schema/packages.py`. */
export const packages: Properties = { packages: mapping(onePackage, { all }) };
