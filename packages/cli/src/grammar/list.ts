// The arguments and options of spack-oci list.

import type { Command } from "commander";
import type { ListArguments } from "../commands/list.js";
import { type CommonOptions, command, MIRROR, type RunCommand, SPECS } from "./common.js";

export function addList(program: Command, run: RunCommand): void {
  command(program, "list", "List the packages of a buildcache.")
    .argument("<mirror>", MIRROR)
    .argument("[spec...]", SPECS)
    .option("-l, --long", "show the first characters of each hash")
    .option("-L, --very-long", "show whole hashes")
    .option("-v, --variants", "show variants")
    .option("-N, --namespaces", "show namespaces")
    .option("-d, --deps", "show dependencies")
    .option("--format <format>", "show each package by a format, such as {name}@{version}/{hash:7}")
    .action((mirror: string, specs: string[], options: CommonOptions & ListArguments, parsed: Command) =>
      run(parsed.optsWithGlobals(), async (context) => {
        const { listCommand } = await import("../commands/list.js");
        return listCommand({ ...options, mirror, specs }, context);
      }),
    );
}
