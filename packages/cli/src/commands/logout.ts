// spack-oci logout: removes the credentials for a registry.

import { defineCommand } from "../declaration/command.js";
import { REGISTRY_ARGUMENT } from "../options/registry.js";
import { exitStatus } from "../process/exit-status.js";
import type { CommandResult } from "../render/result.js";

export const logoutCommand = defineCommand({
  name: "logout",
  summary: "Forget the password for a registry.",
  arguments: { registry: REGISTRY_ARGUMENT },
  options: {},
  async run({ registry }, { session }) {
    const { logout } = await import("@spack-oci/buildcache");
    const stored = await logout(registry, session);
    return renderLogout(registry, stored?.place);
  },
});

/** @param place where the password was; undefined if there was none */
export function renderLogout(registry: string, place: string | undefined): CommandResult {
  return {
    json: { registry, place: place ?? null },
    lines: [
      place === undefined
        ? `There was no password for ${registry}.`
        : `Removed the password for ${registry} from ${place}.`,
    ],
    status: exitStatus.done,
  };
}
