// The arguments and options of spack-oci config.

import type { Command } from "commander";
import { type CommonOptions, command, type RunCommand } from "./common.js";

export function addConfig(program: Command, run: RunCommand): void {
  command(
    program,
    "config",
    "Show a section of Spack's configuration, merged, and where each line comes from.",
  )
    .argument("<section>", "config, mirrors, packages, modules, upstreams, ...")
    .action((section: string, _options: CommonOptions, parsed: Command) =>
      run(parsed.optsWithGlobals(), async (context) => {
        const { configCommand } = await import("../commands/config.js");
        return configCommand({ section }, context);
      }),
    );
}
