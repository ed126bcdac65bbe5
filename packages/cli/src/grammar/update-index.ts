// The arguments and options of spack-oci update-index.

import type { Command } from "commander";
import type { UpdateIndexArguments } from "../commands/update-index.js";
import { type CommonOptions, command, MIRROR, type RunCommand } from "./common.js";

export function addUpdateIndex(program: Command, run: RunCommand): void {
  command(program, "update-index", "Make a buildcache's index agree with its tags.")
    .argument("<mirror>", MIRROR)
    .option("--rebuild", "read every tag anew, rather than only those that the index does not know")
    .option("--dry-run", "say what would be indexed, and stop")
    .action((mirror: string, options: CommonOptions & UpdateIndexArguments, parsed: Command) =>
      run(parsed.optsWithGlobals(), async (context) => {
        const { updateIndexCommand } = await import("../commands/update-index.js");
        return updateIndexCommand({ ...options, mirror }, context);
      }),
    );
}
