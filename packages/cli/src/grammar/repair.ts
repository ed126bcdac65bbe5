// The arguments and options of spack-oci repair.

import { type Command, Option } from "commander";
import type { RepairArguments } from "../commands/repair.js";
import { type CommonOptions, command, MIRROR, type RunCommand, SPECS } from "./common.js";
import { paddedLength, projection } from "./install-tree.js";

type RepairOptions = CommonOptions & RepairArguments & { readonly projection?: ReadonlyMap<string, string> };

export function addRepair(program: Command, run: RunCommand): void {
  command(program, "repair", "Put packages where a mirror's canonical install tree has them.")
    .argument("<mirror>", MIRROR)
    .argument("[spec...]", SPECS)
    .option("--relocate-to <root>", "the root of the install tree, where the mirror has none yet")
    .addOption(paddedLength())
    .addOption(projection())
    .addOption(
      new Option(
        "--originals <what>",
        "keep what is replaced under a tag that ends in .orig, drop it, or refuse to replace anything",
      )
        .choices(["keep", "drop", "refuse"])
        .default("keep"),
    )
    .option("--dry-run", "look through everything, say what would be repaired, and stop")
    .action((mirror: string, specs: string[], options: RepairOptions, parsed: Command) =>
      run(parsed.optsWithGlobals(), async (context) => {
        const { repairCommand } = await import("../commands/repair.js");
        return repairCommand({ ...options, projections: options.projection, mirror, specs }, context);
      }),
    );
}
