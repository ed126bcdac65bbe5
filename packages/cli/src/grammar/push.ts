// The arguments and options of spack-oci push.

import { defaultCompression, layerCompressions } from "@spack-oci/buildcache/limits";
import { type Command, Option } from "commander";
import type { PushArguments } from "../commands/push.js";
import { type CommonOptions, collect, command, MIRROR, type RunCommand, SPECS } from "./common.js";
import { paddedLength, projection } from "./install-tree.js";

type PushOptions = CommonOptions &
  PushArguments & {
    readonly withoutBuildDependencies?: boolean;
    readonly projection?: ReadonlyMap<string, string>;
  };

export function addPush(program: Command, run: RunCommand): void {
  command(program, "push", "Push installed packages into a buildcache.")
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
    .addOption(
      new Option(
        "--run-environment <source>",
        "take what recipes add to environments from what is known without Spack, or run Spack for it",
      )
        .choices(["known", "spack"])
        .default("known"),
    )
    .addOption(
      new Option(
        "--compression <kind>",
        "compress layers with gzip, which every Spack reads, or zstd, which takes Python 3.14 for Spack to read",
      )
        .choices(layerCompressions)
        .default(defaultCompression),
    )
    .option(
      "--relocate-to <root>",
      "relocate packages to this root while they are packed; the mirror remembers it for whoever pushes to it",
    )
    .addOption(paddedLength())
    .addOption(projection())
    .option("-t, --tag <tag>", "put all packages that were named into one image under this tag, too")
    .option(
      "--digests-file <file>",
      "write the tag, digest, size and layers of every image that was pushed to a JSON file",
    )
    .option("--update-index", "write the index afterwards")
    .addOption(new Option("--rebuild-index").hideHelp().implies({ updateIndex: true }))
    .option("--dry-run", "say what would be pushed, and stop")
    .action((mirror: string, specs: string[], options: PushOptions, parsed: Command) => {
      const withBuildDependencies = options.withoutBuildDependencies !== true;
      return run(parsed.optsWithGlobals(), async (context) => {
        const { pushCommand } = await import("../commands/push.js");
        return pushCommand(
          { ...options, projections: options.projection, mirror, specs, withBuildDependencies },
          context,
        );
      });
    });
}
