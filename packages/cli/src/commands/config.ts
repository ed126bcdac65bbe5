// spack-oci config: a section of Spack's merged configuration, with the source of each line.

import { defineCommand } from "../declaration/command.js";
import { requiredArgument } from "../declaration/parameter.js";
import { EXIT_STATUS } from "../process/exit-status.js";
import type { CommandResult } from "../render/result.js";

export const configCommand = defineCommand({
  name: "config",
  summary: "Show a section of Spack's merged configuration and the source of each line.",
  examples: [
    { purpose: "Show where mirrors are configured", line: "config mirrors" },
    { purpose: "Show the configuration of an environment", line: "-e tests config packages" },
  ],
  arguments: { section: requiredArgument("section", "config, mirrors, packages, modules, upstreams, ...") },
  options: {},
  async run({ section }, { session }) {
    const { formatPlace, withoutSecrets } = await import("@spack-oci/spack-config");
    const blamed = session.spack.instance.configuration.blame(section);
    return renderConfig(
      blamed.map(({ where, line }) => ({ place: formatPlace(where), line: withoutSecrets(line) })),
    );
  },
});

export function renderConfig(
  lines: readonly { readonly place: string; readonly line: string }[],
): CommandResult {
  const width = Math.max(0, ...lines.map(({ place }) => place.length));
  return {
    json: lines,
    lines: lines.map(({ place, line }) => `${place.padEnd(width)}  ${line}`),
    status: EXIT_STATUS.done,
  };
}
