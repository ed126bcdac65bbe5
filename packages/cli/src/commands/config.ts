// spack-oci config: a section of Spack's configuration, merged, and which file each line of it came from.

import { defineCommand } from "../declaration/command.js";
import { requiredArgument } from "../declaration/parameter.js";
import { exitStatus } from "../process/exit-status.js";
import type { CommandResult } from "../render/result.js";

export const configCommand = defineCommand({
  name: "config",
  summary: "Show a section of Spack's configuration, merged, and where each line comes from.",
  arguments: { section: requiredArgument("section", "config, mirrors, packages, modules, upstreams, ...") },
  options: {},
  async run({ section }, { session }) {
    const { formatPlace } = await import("@spack-oci/buildcache");
    const blamed = session.spack.instance.configuration.blame(section);
    return renderConfig(blamed.map(({ where, line }) => ({ place: formatPlace(where), line })));
  },
});

export function renderConfig(
  lines: readonly { readonly place: string; readonly line: string }[],
): CommandResult {
  const width = Math.max(0, ...lines.map(({ place }) => place.length));
  return {
    json: lines,
    lines: lines.map(({ place, line }) => `${place.padEnd(width)}  ${line}`),
    status: exitStatus.done,
  };
}
