// spack-oci logout: removes the stored credentials for a registry.

import { defineCommand } from "../declaration/command.js";
import { REGISTRY_ARGUMENT } from "../options/mirror.js";
import { EXIT_STATUS } from "../process/exit-status.js";
import type { CommandResult } from "../render/result.js";

export const logoutCommand = defineCommand({
  name: "logout",
  summary: "Remove the stored password for a registry.",
  examples: [
    { purpose: "Forget the password for a registry", line: "logout ghcr.io" },
    { purpose: "Forget the password for the registry of a mirror", line: "logout mochi" },
  ],
  arguments: { registry: REGISTRY_ARGUMENT },
  options: {},
  async run({ registry: named }, { session }) {
    const { logout, registryOf } = await import("@spack-oci/buildcache");
    const registry = registryOf(named, session);
    const stored = await logout(registry, session);
    return renderLogout(registry, stored?.place);
  },
});

/** @param place where the password was stored; undefined if there was none */
export function renderLogout(registry: string, place: string | undefined): CommandResult {
  return {
    json: { registry, place: place ?? null },
    lines: [
      place === undefined
        ? `No password is stored for ${registry}.`
        : `Removed the password for ${registry} from ${place}.`,
    ],
    status: EXIT_STATUS.done,
  };
}
