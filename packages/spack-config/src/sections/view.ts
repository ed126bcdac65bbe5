// The schema of `view:` of an environment.

import { boolean, mapping, oneOfWords, type Properties, projections, string, strings } from "./schema.js";

/** Source: `lib/spack/spack/schema/view.py`. */
export const view: Properties = {
  view: {
    anyOf: [
      boolean,
      string,
      mapping({
        required: ["root"],
        additionalProperties: false,
        properties: {
          root: string,
          link: { enum: ["roots", "all", "run"] },
          link_type: oneOfWords("symlink", "hardlink", "copy"),
          select: strings,
          exclude: strings,
          ...projections,
        },
      }),
    ],
  },
};
