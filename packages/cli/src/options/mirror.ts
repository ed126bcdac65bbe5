// Arguments that name buildcaches and registries.

import { requiredArgument } from "../declaration/parameter.js";

export const MIRROR_ARGUMENT = mirrorArgument("mirror");

export function mirrorArgument(name: string) {
  return requiredArgument(name, "mirror name, oci://HOST/PATH, oci+http://HOST/PATH or oci-layout:DIRECTORY");
}

/** A mirror argument after another one, whose help it refers to. */
export function secondMirrorArgument(name: string) {
  return requiredArgument(name, "as above");
}

export const REGISTRY_ARGUMENT = requiredArgument(
  "registry",
  "HOST or HOST:PORT; oci+http://HOST for plain HTTP; or the name of a mirror",
);
