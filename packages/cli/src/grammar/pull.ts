// The arguments and options of spack-oci pull.

import { type Command, InvalidArgumentError, Option } from "commander";
import { type PullArguments, pullCommand } from "../commands/pull.js";
import { type CommonOptions, command, MIRROR, type RunCommand, SPECS } from "./common.js";

type PullOptions = CommonOptions & PullArguments & { readonly projection?: ReadonlyMap<string, string> };

export function addPull(program: Command, run: RunCommand): void {
  command(program, "pull", "Install packages of a buildcache, with what they link and run with.")
    .argument("<mirror>", MIRROR)
    .argument("[spec...]", SPECS)
    .option("--root <dir>", "root of an install tree of your own; Spack's own by default")
    .addOption(
      new Option("--padded-length <n>", "pad that root to this many characters").argParser(parsePadding),
    )
    .addOption(
      new Option(
        "--projection <spec=format>",
        "where packages go below that root; may be repeated",
      ).argParser(collectProjection),
    )
    .option("-f, --force", "install the named packages again where they are there")
    .option("--dry-run", "say what would be pulled, and stop")
    .action((mirror: string, specs: string[], options: PullOptions, parsed: Command) =>
      run(parsed.optsWithGlobals(), (context) =>
        pullCommand({ ...options, projections: options.projection, mirror, specs }, context),
      ),
    );
}

function parsePadding(text: string): number {
  const length = Number(text);
  if (!Number.isInteger(length) || length < 0 || length > 4096) {
    throw new InvalidArgumentError("It must be a whole number of characters from 0 to 4096.");
  }
  return length;
}

function collectProjection(text: string, known: Map<string, string> | undefined): Map<string, string> {
  const [, key, format] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (key === undefined || format === undefined) {
    throw new InvalidArgumentError(`It must be like "all={name}-{version}-{hash}".`);
  }
  return new Map([...(known ?? []), [key, format]]);
}
