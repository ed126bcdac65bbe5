// The schema of `mirrors:`: a URL, or a fixed set of keys for each direction.

import { boolean, closed, mapping, type Properties, type Schema, string } from "./schema.js";

const stringOrNothing: Schema = { type: ["string", "null"] };

const connection: Properties = {
  url: string,
  view: string,
  access_pair: {
    type: "object",
    required: ["secret_variable"],
    oneOf: [{ required: ["id"] }, { required: ["id_variable"] }],
    properties: { id: string, id_variable: string, secret_variable: string },
  },
  profile: stringOrNothing,
  endpoint_url: stringOrNothing,
  access_token_variable: stringOrNothing,
};

const direction: Schema = { anyOf: [string, closed(connection)] };

const mirror: Schema = closed(
  {
    source: boolean,
    binary: boolean,
    signed: boolean,
    fetch: direction,
    push: direction,
    autopush: boolean,
    ...connection,
  },
  { anyOf: [{ required: ["url"] }, { required: ["fetch"] }, { required: ["pull"] }] },
);

/** Source: `lib/spack/spack/schema/mirrors.py`. */
export const mirrors: Properties = { mirrors: mapping({ anyOf: [string, mirror] }) };
