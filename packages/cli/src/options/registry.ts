// The argument that names a registry.

import { requiredArgument } from "../declaration/parameter.js";

export const REGISTRY_ARGUMENT = requiredArgument(
  "registry",
  "HOST or HOST:PORT; oci+http://HOST for one without https",
);
