// Options that say what a mirror's entry in mirrors.yaml holds, with Spack's names.

import type { MirrorData } from "@spack-oci/spack-config";
import { flag, repeatedChoice, text, type ValuesOf } from "../declaration/parameter.js";

export const SCOPE_OPTION = text(
  "--scope <name>",
  "configuration scope: user, site, system, spack, env:NAME, ...; default: the one Spack would change",
);

/** Passwords are never arguments: other users can see those, and Spack stores only names of variables. */
export const MIRROR_SETTINGS = {
  type: repeatedChoice("--type <kind>", "what the mirror has; repeat for both, the default", [
    "binary",
    "source",
  ]),
  autopush: flag("--autopush", "let Spack push to it after each installation"),
  unsigned: flag("--unsigned", "do not require signatures; never required in OCI registries"),
  signed: flag("--signed", "require signatures"),
  username: text("--oci-username <name>", "user name to log in with"),
  usernameVariable: text("--oci-username-variable <variable>", "environment variable with the user name"),
  passwordVariable: text("--oci-password-variable <variable>", "environment variable with the password"),
};

/** Translates the options; those that were not given are undefined. */
export function mirrorChanges(values: ValuesOf<typeof MIRROR_SETTINGS>): MirrorData {
  const { type, autopush, signed, unsigned, username, usernameVariable, passwordVariable } = values;
  return {
    access_pair: { id: username, id_variable: usernameVariable, secret_variable: passwordVariable },
    binary: type?.includes("binary"),
    source: type?.includes("source"),
    autopush: autopush || undefined,
    signed: signed || (unsigned ? false : undefined),
  };
}
