// Puts the licenses into the package that is being packed, whose directory is the working directory.

import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./workspace.mjs";

for (const name of ["LICENSE-APACHE", "LICENSE-MIT"]) copyFileSync(join(root, name), name);
