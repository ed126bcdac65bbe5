// Arguments that name buildcaches and registries.

import { naming, requiredArgument } from "../declaration/parameter.js";

export const MIRROR_ARGUMENT = mirrorArgument("mirror");

export function mirrorArgument(name: string) {
  return naming(
    "mirror",
    requiredArgument(name, "mirror name, oci://HOST/PATH, oci+http://HOST/PATH or oci-layout:DIRECTORY"),
  );
}

/** A mirror argument after another one, whose help it refers to. */
export function secondMirrorArgument(name: string) {
  return naming("mirror", requiredArgument(name, "as above"));
}

/** A mirror in Spack's configuration. */
export const MIRROR_NAME_ARGUMENT = naming("mirror", requiredArgument("name", "name of the mirror"));

export const REGISTRY_ARGUMENT = requiredArgument(
  "registry",
  "HOST or HOST:PORT; oci+http://HOST for plain HTTP; or the name of a mirror",
);
