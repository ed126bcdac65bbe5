// The arguments and options of spack-oci copy.

import { type Command, Option } from "commander";
import type { CopyArguments } from "../commands/copy.js";
import { type CommonOptions, collect, command, MIRROR, type RunCommand, SPECS } from "./common.js";

type CopyOptions = CommonOptions &
  Omit<CopyArguments, "from" | "to"> & {
    readonly from?: readonly string[];
    readonly to?: readonly string[];
    readonly withoutBuildDependencies?: boolean;
  };

const SEVERAL = `
Further mirrors: "copy A B --from C --to D" copies from A and C, to B and to D. What several sources have is taken from
the first of them, in the order given.`;

export function addCopy(program: Command, run: RunCommand): void {
  command(program, "copy", "Copy packages between buildcaches, with the same digests.")
    .argument("<from>", MIRROR)
    .argument("<to>", "the same")
    .argument("[spec...]", SPECS)
    .option("--from <mirror>", "a further source; may be repeated", collect)
    .option("--to <mirror>", "a further destination; may be repeated", collect)
    .addOption(
      new Option("--only <what>", "copy only the packages, or only what they need").choices([
        "package",
        "dependencies",
      ]),
    )
    .option("--without-build-dependencies", "leave build dependencies out")
    .option("--verify", "compare the digest of every tag rather than believe packages that are there")
    .option("--from-url-mirror", "<from> is a Spack v3 mirror: a directory, https:// or http://")
    .option("--to-url-mirror", "<to> is to be a Spack v3 mirror in a directory")
    .option("--delete", "delete what no source has, after showing it; only without specs")
    .option("-y, --yes", "delete without asking")
    .option("--dry-run", "say what would be copied and deleted, and stop")
    .addHelpText("after", SEVERAL)
    .action((from: string, to: string, specs: string[], options: CopyOptions, parsed: Command) => {
      const withBuildDependencies = options.withoutBuildDependencies !== true;
      const mirrors = { from: [from, ...(options.from ?? [])], to: [to, ...(options.to ?? [])] };
      return run(parsed.optsWithGlobals(), async (context) => {
        const { copyCommand } = await import("../commands/copy.js");
        return copyCommand({ ...options, ...mirrors, specs, withBuildDependencies }, context);
      });
    });
}
