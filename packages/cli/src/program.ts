// The command line's grammar: commands, their arguments and options, and their help.

import { availableParallelism } from "node:os";
import { defaultJobs } from "@spack-oci/buildcache";
import { Command, InvalidArgumentError, Option } from "commander";
import type { CommandContext, CommandResult } from "./commands/command-context.js";
import { configCommand } from "./commands/config.js";
import { type ListArguments, listCommand } from "./commands/list.js";
import { type LoginArguments, loginCommand, logoutCommand } from "./commands/login.js";
import { type PullArguments, pullCommand } from "./commands/pull.js";
import { type PushArguments, pushCommand } from "./commands/push.js";
import { type ReindexArguments, reindexCommand } from "./commands/reindex.js";
import { type UpdateIndexArguments, updateIndexCommand } from "./commands/update-index.js";
import { addSpackOptions, type SpackOptions } from "./spack-options.js";

/** Options that every command has. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly jobs?: number;
}

/** Runs a parsed command. */
export type RunCommand = (
  options: CommonOptions & SpackOptions,
  command: (context: CommandContext) => Promise<CommandResult>,
) => Promise<void>;

const MIRROR = "a mirror's name, oci://HOST/PATH, oci+http://HOST/PATH or oci-layout:DIRECTORY";
const SPECS = "as Spack writes specs: name, name@version, /hash, ...; everything without any";

const EXIT_STATUS = `
Exit status: 0 done, 1 failed, 2 wrong usage, 3 not in the buildcache, 4 denied, 5 corrupt,
6 registry unreachable or rate limited.`;

/** @param run called once with the command that the arguments name */
export function createProgram(version: string, run: RunCommand): Command {
  const program = new Command("spack-oci")
    .description("Moves Spack's binaries in and out of OCI registries.")
    .version(version)
    .showHelpAfterError("(spack-oci --help tells what there is)")
    .helpCommand(false)
    .addHelpText("after", EXIT_STATUS);
  addSpackOptions(program);
  const grammar = new Grammar(program, run);
  grammar.addPush();
  grammar.addPull();
  grammar.addList();
  grammar.addUpdateIndex();
  grammar.addReindex();
  grammar.addConfig();
  grammar.addLogin();
  return program;
}

class Grammar {
  readonly #program: Command;
  readonly #run: RunCommand;

  constructor(program: Command, run: RunCommand) {
    this.#program = program;
    this.#run = run;
  }

  addPush(): void {
    this.#command("push", "Push installed packages into a buildcache.")
      .argument("<mirror>", MIRROR)
      .argument("[spec...]", SPECS)
      .option(
        "--store <dir>",
        "install tree to push from, Spack's own by default: what holds .spack-db, or its unpadded root",
      )
      .option("-f, --force", "push again what is there")
      .option("-u, --unsigned", "push without signatures, as is always done; for compatibility with Spack")
      .addOption(
        new Option("--only <what>", "push only the packages, or only what they need").choices([
          "package",
          "dependencies",
        ]),
      )
      .option("--with-build-dependencies", "take along installed build dependencies (the default)")
      .option("--without-build-dependencies", "leave build dependencies out")
      .option("--strict", "fail where a build dependency is not installed")
      .option(
        "--private",
        "push what may not be redistributed too, as is always done; for compatibility with Spack",
      )
      .option("--exclude <spec>", "leave out what a spec matches; may be repeated", collect)
      .option("--exclude-mirror <mirror>", "leave out what another mirror has")
      .option(
        "--base-image <ref>",
        "container image to put packages on, such as ubuntu:22.04, or a mirror's location with a tag",
      )
      .option("--update-index", "write the index afterwards")
      .addOption(new Option("--rebuild-index").hideHelp().implies({ updateIndex: true }))
      .option("--dry-run", "say what would be pushed, and stop")
      .action((mirror: string, specs: string[], options: PushOptions, command: Command) => {
        const withBuildDependencies = options.withoutBuildDependencies !== true;
        return this.#run(command.optsWithGlobals(), (context) =>
          pushCommand({ ...options, mirror, specs, withBuildDependencies }, context),
        );
      });
  }

  addPull(): void {
    this.#command("pull", "Install packages of a buildcache, with what they link and run with.")
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
      .action((mirror: string, specs: string[], options: PullOptions, command: Command) =>
        this.#run(command.optsWithGlobals(), (context) =>
          pullCommand({ ...options, projections: options.projection, mirror, specs }, context),
        ),
      );
  }

  addList(): void {
    this.#command("list", "List the packages of a buildcache.")
      .argument("<mirror>", MIRROR)
      .argument("[spec...]", SPECS)
      .option("-l, --long", "show the first characters of each hash")
      .option("-L, --very-long", "show whole hashes")
      .option("-v, --variants", "show variants")
      .option("-N, --namespaces", "show namespaces")
      .option("-d, --deps", "show dependencies")
      .option("--format <format>", "show each package by a format, such as {name}@{version}/{hash:7}")
      .action((mirror: string, specs: string[], options: CommonOptions & ListArguments, command: Command) =>
        this.#run(command.optsWithGlobals(), (context) =>
          listCommand({ ...options, mirror, specs }, context),
        ),
      );
  }

  addUpdateIndex(): void {
    this.#command("update-index", "Make a buildcache's index agree with its tags.")
      .argument("<mirror>", MIRROR)
      .option("--dry-run", "say what would be indexed, and stop")
      .action((mirror: string, options: CommonOptions & UpdateIndexArguments, command: Command) =>
        this.#run(command.optsWithGlobals(), (context) =>
          updateIndexCommand({ ...options, mirror }, context),
        ),
      );
  }

  addReindex(): void {
    this.#command("reindex", "Rebuild a store's database from its prefixes.")
      .option("--store <dir>", "install tree to rebuild, Spack's own by default")
      .action((options: CommonOptions & ReindexArguments, command: Command) =>
        this.#run(command.optsWithGlobals(), (context) => reindexCommand(options, context)),
      );
  }

  addConfig(): void {
    this.#command(
      "config",
      "Show a section of Spack's configuration, merged, and where each line comes from.",
    )
      .argument("<section>", "config, mirrors, packages, modules, upstreams, ...")
      .action((section: string, _options: CommonOptions, command: Command) =>
        this.#run(command.optsWithGlobals(), (context) => configCommand({ section }, context)),
      );
  }

  addLogin(): void {
    const registry = "HOST or HOST:PORT; oci+http://HOST for one without https";
    this.#command(
      "login",
      "Check a password for a registry, and keep it where docker and podman find it too.",
    )
      .argument("<registry>", registry)
      .requiredOption(
        "-u, --username <name>",
        "who logs in; the password is asked for, or read from standard input",
      )
      .option(
        "--password-stdin",
        "read the password from standard input, as is done wherever that is no terminal",
      )
      .action((host: string, options: CommonOptions & LoginArguments, command: Command) =>
        this.#run(command.optsWithGlobals(), (context) =>
          loginCommand({ ...options, registry: host }, context),
        ),
      );
    this.#command("logout", "Forget the password for a registry.")
      .argument("<registry>", registry)
      .action((host: string, _options: CommonOptions, command: Command) =>
        this.#run(command.optsWithGlobals(), (context) => logoutCommand({ registry: host }, context)),
      );
  }

  #command(name: string, description: string): Command {
    return this.#program
      .command(name)
      .description(description)
      .option("--json", "print the result as one JSON document on standard output")
      .addOption(
        new Option("-j, --jobs <n>", "packages in flight at once")
          .argParser(parseCount)
          .default(defaultJobs(availableParallelism())),
      );
  }
}

type PushOptions = CommonOptions & PushArguments & { readonly withoutBuildDependencies?: boolean };
type PullOptions = CommonOptions & PullArguments & { readonly projection?: ReadonlyMap<string, string> };

function collect(value: string, known: readonly string[] = []): string[] {
  return [...known, value];
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
