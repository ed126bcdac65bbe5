// The arguments and options of spack-oci cache.

import type { Command } from "commander";
import type { CacheArguments } from "../commands/cache.js";
import { type CommonOptions, command, type RunCommand } from "./common.js";

export function addCache(program: Command, run: RunCommand): void {
  command(program, "cache", "Show or clean what is kept of indices and configs (SPACK_OCI_CACHE).")
    .option("--clean", "remove everything that is kept")
    .action((options: CommonOptions & CacheArguments, parsed: Command) =>
      run(parsed.optsWithGlobals(), async (context) => {
        const { cacheCommand } = await import("../commands/cache.js");
        return cacheCommand(options, context);
      }),
    );
}
