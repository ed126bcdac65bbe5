// The command line's grammar: commands, their arguments and options, and their help.

import { availableParallelism } from "node:os";
import { defaultJobs } from "@spack-oci/buildcache";
import { Command, InvalidArgumentError, Option } from "commander";
import type { CommandContext, CommandResult } from "./commands/command-context.js";
import { type ListArguments, listCommand } from "./commands/list.js";
import { type PullArguments, pullCommand } from "./commands/pull.js";
import { type PushArguments, pushCommand } from "./commands/push.js";
import { type UpdateIndexArguments, updateIndexCommand } from "./commands/update-index.js";

/** Options that every command has. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly jobs: number;
}

/** Runs a parsed command. */
export type RunCommand = (
  options: CommonOptions,
  command: (context: CommandContext) => Promise<CommandResult>,
) => Promise<void>;

const MIRROR = "oci://HOST/PATH, oci+http://HOST/PATH or oci-layout:DIRECTORY";
const SPECS = "name, name@version or /hash; everything without any";

/** @param run called once with the command that the arguments name */
export function createProgram(version: string, run: RunCommand): Command {
  const program = new Command("spack-oci")
    .description("Moves Spack's binaries in and out of OCI registries.")
    .version(version)
    .showHelpAfterError("(spack-oci --help tells what there is)")
    .helpCommand(false)
    .addHelpText(
      "after",
      `
Exit status: 0 done, 1 failed, 2 wrong usage, 3 not in the buildcache, 4 denied, 5 corrupt,
6 registry unreachable or rate limited.`,
    );

  command(program, "push", "Push installed packages into a buildcache.")
    .argument("<mirror>", MIRROR)
    .argument("[spec...]", SPECS)
    .option("--store <dir>", "install tree to push from: what holds .spack-db, or its unpadded root")
    .option("-f, --force", "push again what is there")
    .option("-u, --unsigned", "push without signatures, as is always done; for compatibility with Spack")
    .addOption(
      new Option("--with-build-dependencies", "take along installed build dependencies").default(true),
    )
    .option("--without-build-dependencies", "leave build dependencies out")
    .option("--update-index", "write the index afterwards")
    .addOption(new Option("--rebuild-index").hideHelp().implies({ updateIndex: true }))
    .option("--dry-run", "say what would be pushed, and stop")
    .action((mirror: string, specs: string[], options: PushOptions) =>
      run(options, (context) =>
        pushCommand(
          {
            ...options,
            mirror,
            specs,
            withBuildDependencies: options.withoutBuildDependencies !== true,
          },
          context,
        ),
      ),
    );

  command(program, "pull", "Install packages of a buildcache, with what they link and run with.")
    .argument("<mirror>", MIRROR)
    .argument("[spec...]", SPECS)
    .requiredOption("--root <dir>", "root of the install tree to install into")
    .addOption(
      new Option("--padded-length <n>", "pad the root to this many characters").argParser(parsePadding),
    )
    .addOption(
      new Option("--projection <key=format>", "where packages go below the root; may be repeated")
        .argParser(collectProjection)
        .default(undefined, "all={architecture.platform}-{architecture.target}/{name}-{version}-{hash}"),
    )
    .option("-f, --force", "install the named packages again where they are there")
    .option("--dry-run", "say what would be pulled, and stop")
    .action((mirror: string, specs: string[], options: PullOptions) =>
      run(options, (context) =>
        pullCommand({ ...options, projections: options.projection, mirror, specs }, context),
      ),
    );

  command(program, "list", "List the packages of a buildcache.")
    .argument("<mirror>", MIRROR)
    .argument("[spec...]", SPECS)
    .option("-l, --long", "show the first characters of each hash")
    .option("-L, --very-long", "show whole hashes")
    .action((mirror: string, specs: string[], options: CommonOptions & ListArguments) =>
      run(options, (context) => listCommand({ ...options, mirror, specs }, context)),
    );

  command(program, "update-index", "Make a buildcache's index agree with its tags.")
    .argument("<mirror>", MIRROR)
    .option("--dry-run", "say what would be indexed, and stop")
    .action((mirror: string, options: CommonOptions & UpdateIndexArguments) =>
      run(options, (context) => updateIndexCommand({ ...options, mirror }, context)),
    );

  return program;
}

type PushOptions = CommonOptions & PushArguments & { readonly withoutBuildDependencies?: boolean };
type PullOptions = CommonOptions & PullArguments & { readonly projection?: ReadonlyMap<string, string> };

function command(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .option("--json", "print the result as one JSON document on standard output")
    .addOption(
      new Option("-j, --jobs <n>", "packages in flight at once")
        .argParser(parseCount)
        .default(defaultJobs(availableParallelism())),
    );
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 1024) {
    throw new InvalidArgumentError("It must be a whole number from 1 to 1024.");
  }
  return count;
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
