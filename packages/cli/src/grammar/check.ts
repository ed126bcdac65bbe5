// The arguments and options of spack-oci check.

import type { Command } from "commander";
import type { CheckArguments } from "../commands/check.js";
import { type CommonOptions, command, MIRROR, type RunCommand, SPECS } from "./common.js";

export function addCheck(program: Command, run: RunCommand): void {
  command(program, "check", "Tell whether everything that a buildcache lists is there and whole.")
    .argument("<mirror>", MIRROR)
    .argument("[spec...]", SPECS)
    .option("--deep", "read every byte too, and check digests, diff_ids and DAG hashes")
    .addHelpText(
      "after",
      "\nExit status: 0 sound, 5 something is missing or corrupt, 6 nothing is, but some could not be asked.",
    )
    .action((mirror: string, specs: string[], options: CommonOptions & CheckArguments, parsed: Command) =>
      run(parsed.optsWithGlobals(), async (context) => {
        const { checkCommand } = await import("../commands/check.js");
        return checkCommand({ ...options, mirror, specs }, context);
      }),
    );
}
