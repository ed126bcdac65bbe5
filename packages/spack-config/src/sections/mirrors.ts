// The schema of `mirrors:`: a URL, or a fixed set of keys for each direction.

import { boolean, closed, mapping, type Properties, type Schema, string } from "./schema.js";

const stringOrNothing: Schema = { type: ["string", "null"] };

const NEW_ACCESS_PAIR =
  "Put the password into an environment variable, and write access_pair: {id: USER, secret_variable: NAME_OF_THE_VARIABLE}; Spack 1.2 no longer reads passwords from configuration files.";

const NEW_ACCESS_TOKEN =
  "Put the token into an environment variable, and write access_token_variable: NAME_OF_THE_VARIABLE; Spack 1.2 no longer reads tokens from configuration files.";

/** What other tools and older versions of Spack call these keys. */
const removedProperties = {
  access_token: NEW_ACCESS_TOKEN,
  username: NEW_ACCESS_PAIR,
  user: NEW_ACCESS_PAIR,
  password: NEW_ACCESS_PAIR,
  oci_username: NEW_ACCESS_PAIR,
  oci_password: NEW_ACCESS_PAIR,
};

const connection: Properties = {
  url: string,
  view: string,
  access_pair: {
    type: "object",
    required: ["secret_variable"],
    oneOf: [{ required: ["id"] }, { required: ["id_variable"] }],
    advice: NEW_ACCESS_PAIR,
    secret: true,
    properties: { id: string, id_variable: string, secret_variable: string },
  },
  profile: stringOrNothing,
  endpoint_url: stringOrNothing,
  access_token_variable: { ...stringOrNothing, advice: NEW_ACCESS_TOKEN, secret: true },
};

const direction: Schema = { anyOf: [string, closed(connection, { removedProperties })] };

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
  {
    anyOf: [{ required: ["url"] }, { required: ["fetch"] }, { required: ["pull"] }],
    removedProperties,
  },
);

/** Source: `lib/spack/spack/schema/mirrors.py`. */
export const mirrors: Properties = { mirrors: mapping({ anyOf: [string, mirror] }) };
