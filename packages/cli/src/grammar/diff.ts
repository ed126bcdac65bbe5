// The arguments and options of spack-oci diff.

import type { Command } from "commander";
import { type CommonOptions, command, MIRROR, type RunCommand } from "./common.js";

const STATUS = `
Exit status: 0 the same, 7 different (1 is for failures), 6 not known to be different, but some could not be asked.`;

export function addDiff(program: Command, run: RunCommand): void {
  command(program, "diff", "Tell in what two buildcaches differ.")
    .argument("<a>", MIRROR)
    .argument("<b>", "the same")
    .addHelpText("after", STATUS)
    .action((a: string, b: string, _options: CommonOptions, parsed: Command) =>
      run(parsed.optsWithGlobals(), async (context) => {
        const { diffCommand } = await import("../commands/diff.js");
        return diffCommand({ a, b }, context);
      }),
    );
}
