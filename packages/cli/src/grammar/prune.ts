// The arguments and options of spack-oci prune.

import type { Command } from "commander";
import type { PruneArguments } from "../commands/prune.js";
import { parseAge } from "./age.js";
import { type CommonOptions, collect, command, MIRROR, type RunCommand } from "./common.js";

const KEPT = `
What one of --keep-env, --keep-list and --older-than keeps is kept, with all that it links and runs with. Tags that are no
packages are not touched.`;

export function addPrune(program: Command, run: RunCommand): void {
  command(program, "prune", "Delete packages that nothing needs which is to be kept.")
    .argument("<mirror>", MIRROR)
    .option(
      "--keep-env <env>",
      "keep what an environment has, by its name or directory; may be repeated",
      collect,
    )
    .option("--keep-list <file>", "keep what a file names, one spec or hash a line; may be repeated", collect)
    .option("--older-than <age>", "keep what is younger than 12h, 30d, 6w or 1y, or than a date", (text) =>
      parseAge(text),
    )
    .option("--keep-build", "keep what built the packages that are kept, too")
    .option("-y, --yes", "delete without asking")
    .option("--dry-run", "say what would be deleted, and stop")
    .addHelpText("after", KEPT)
    .action((mirror: string, options: CommonOptions & PruneArguments, parsed: Command) =>
      run(parsed.optsWithGlobals(), async (context) => {
        const { pruneCommand } = await import("../commands/prune.js");
        return pruneCommand({ ...options, mirror }, context);
      }),
    );
}
