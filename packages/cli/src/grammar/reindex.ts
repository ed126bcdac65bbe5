// The arguments and options of spack-oci reindex.

import type { Command } from "commander";
import type { ReindexArguments } from "../commands/reindex.js";
import { type CommonOptions, command, type RunCommand } from "./common.js";

export function addReindex(program: Command, run: RunCommand): void {
  command(program, "reindex", "Rebuild a store's database from its prefixes.")
    .option("--store <dir>", "install tree to rebuild, Spack's own by default")
    .action((options: CommonOptions & ReindexArguments, parsed: Command) =>
      run(parsed.optsWithGlobals(), async (context) => {
        const { reindexCommand } = await import("../commands/reindex.js");
        return reindexCommand(options, context);
      }),
    );
}
