// What a `projections:` mapping may hold, wherever one stands.
import { type Properties, string } from "./schema.js";

/** Source: `lib/spack/spack/schema/projections.py`. */
export const projections: Properties = {
  projections: {
    type: "object",
    properties: { all: string },
    additionalKeysAreSpecs: true,
    additionalProperties: string,
  },
};
