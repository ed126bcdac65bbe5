// spack-oci mirror remove: takes a mirror out of Spack's configuration; its packages stay.

import { defineCommand } from "../declaration/command.js";
import { flag } from "../declaration/parameter.js";
import { MIRROR_NAME_ARGUMENT } from "../options/mirror.js";
import { SCOPE_OPTION } from "../options/mirror-settings.js";
import { EXIT_STATUS } from "../process/exit-status.js";

export const mirrorRemoveCommand = defineCommand({
  name: "mirror remove",
  summary: "Remove a mirror from Spack's configuration; the mirror itself stays as it is.",
  examples: [
    { purpose: "Remove a mirror", line: "mirror remove mochi" },
    { purpose: "Remove it from an environment", line: "-e tests mirror remove --scope env:tests mochi" },
  ],
  arguments: { name: MIRROR_NAME_ARGUMENT },
  options: {
    scope: SCOPE_OPTION,
    allScopes: flag("--all-scopes", "remove it from all scopes, not only from the strongest that has it"),
  },
  async run({ name, scope, allScopes }, { session }) {
    const { removeMirror } = await import("@spack-oci/spack-config");
    const removed = removeMirror(session.spack.configuration, { name, scope }, { allScopes });
    return {
      json: { name, removed },
      lines: removed.map(({ file }) => `Removed mirror ${name} from ${file}.`),
      status: EXIT_STATUS.done,
    };
  },
});
