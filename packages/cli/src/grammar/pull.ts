// The arguments and options of spack-oci pull.

import type { Command } from "commander";
import type { PullArguments } from "../commands/pull.js";
import { type CommonOptions, command, MIRROR, type RunCommand, SPECS } from "./common.js";
import { paddedLength, projection } from "./install-tree.js";

type PullOptions = CommonOptions & PullArguments & { readonly projection?: ReadonlyMap<string, string> };

export function addPull(program: Command, run: RunCommand): void {
  command(program, "pull", "Install packages of a buildcache, with what they link and run with.")
    .argument("<mirror>", MIRROR)
    .argument("[spec...]", SPECS)
    .option("--root <dir>", "root of an install tree of your own; Spack's own by default")
    .addOption(paddedLength())
    .addOption(projection())
    .option("-f, --force", "install the named packages again where they are there")
    .option("--dry-run", "say what would be pulled, and stop")
    .action((mirror: string, specs: string[], options: PullOptions, parsed: Command) =>
      run(parsed.optsWithGlobals(), async (context) => {
        const { pullCommand } = await import("../commands/pull.js");
        return pullCommand({ ...options, projections: options.projection, mirror, specs }, context);
      }),
    );
}
