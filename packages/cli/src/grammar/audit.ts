// The arguments and options of spack-oci audit.

import type { Command } from "commander";
import type { AuditArguments } from "../commands/audit.js";
import { type CommonOptions, command, MIRROR, type RunCommand } from "./common.js";

export function addAudit(program: Command, run: RunCommand): void {
  command(
    program,
    "audit",
    "Tell below which roots packages were built, and what comes of roots that do not fit.",
  )
    .argument("<mirror>", MIRROR)
    .option("--deep", "read layers to their end where they do not tell their root before it")
    .addHelpText(
      "after",
      "\nExit status: 0 all were read, 5 something is missing or corrupt, 6 nothing is, but some could not be asked.",
    )
    .action((mirror: string, options: CommonOptions & AuditArguments, parsed: Command) =>
      run(parsed.optsWithGlobals(), async (context) => {
        const { auditCommand } = await import("../commands/audit.js");
        return auditCommand({ ...options, mirror }, context);
      }),
    );
}
