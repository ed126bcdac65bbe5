// The arguments and options of spack-oci image.

import { mostLayers } from "@spack-oci/buildcache/limits";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { ImageArguments } from "../commands/image.js";
import {
  type CommonOptions,
  collect,
  command,
  MIRROR,
  type RunCommand,
  SPECS,
  wholeNumber,
} from "./common.js";

type ImageOptions = CommonOptions & ImageArguments;

export function addImage(program: Command, run: RunCommand): void {
  command(program, "image", "Make a container image of packages of a buildcache.")
    .argument("<mirror>", MIRROR)
    .argument("[spec...]", SPECS)
    .requiredOption("-t, --tag <name>", "tag in the mirror's repository, or the full name of another image")
    .option(
      "--lockfile <file>",
      "choose from a spack.lock, all of its roots by default; may be repeated",
      collect,
    )
    .option(
      "--base-image <ref>",
      "container image to put packages on, such as ubuntu:22.04, or a mirror's location with a tag",
    )
    .option(
      "--platform <platform>",
      "platform such as linux/amd64 or linux/amd64/v3; several are joined in an index; may be repeated",
      collect,
    )
    .addOption(
      new Option("--max-layers <n>", `merge the smallest layers over this number, ${mostLayers} by default`)
        .argParser(wholeNumber(1, mostLayers))
        .conflicts("squash"),
    )
    .option("--squash", "merge all packages into one layer")
    .option("--view <dir>", "link all packages into this directory of the image, such as /opt/view")
    .option("--env <name=value>", "set a variable; may be repeated", collectAssignment)
    .option("--label <name=value>", "set a label; may be repeated", collectAssignment)
    .addOption(
      new Option("--entrypoint <command>", "what the image runs: one word, or a JSON array").argParser(
        parseCommand,
      ),
    )
    .addOption(
      new Option(
        "--cmd <command>",
        "its arguments unless others are given: one word, or a JSON array",
      ).argParser(parseCommand),
    )
    .option("--workdir <dir>", "directory in which it runs")
    .option("--user <user>", "user as whom it runs")
    .option(
      "--digests-file <file>",
      "write the tag, digest, size and layers of every image that was made to a JSON file",
    )
    .option("--dry-run", "say what would be in the image, and stop")
    .action((mirror: string, specs: string[], options: ImageOptions, parsed: Command) =>
      run(parsed.optsWithGlobals(), async (context) => {
        const { imageCommand } = await import("../commands/image.js");
        return imageCommand({ ...options, mirror, specs }, context);
      }),
    );
}

function collectAssignment(
  text: string,
  known: ReadonlyMap<string, string> = new Map(),
): Map<string, string> {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw new InvalidArgumentError("It must be like NAME=VALUE.");
  return new Map([...known, [name, value]]);
}

/** A word is no shell command: what has spaces must be told apart as a JSON array. */
function parseCommand(text: string): string[] {
  if (!/^\s*\[/.test(text)) {
    if (text !== "" && !/\s/.test(text)) return [text];
    throw new InvalidArgumentError('It must be one word, or a JSON array such as ["program", "--option"].');
  }
  const words = parseArray(text);
  if (Array.isArray(words) && words.length > 0 && words.every((word) => typeof word === "string"))
    return words;
  throw new InvalidArgumentError('It must be a JSON array of strings such as ["program", "--option"].');
}

function parseArray(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidArgumentError("It begins like a JSON array, and is none.");
  }
}
