// Arguments that name buildcaches.

import { requiredArgument } from "../declaration/parameter.js";

export const MIRROR_ARGUMENT = mirrorArgument("mirror");

export function mirrorArgument(name: string) {
  return requiredArgument(
    name,
    "a mirror's name, oci://HOST/PATH, oci+http://HOST/PATH or oci-layout:DIRECTORY",
  );
}

/** An argument of the same form as the one before. */
export function secondMirrorArgument(name: string) {
  return requiredArgument(name, "the same");
}
