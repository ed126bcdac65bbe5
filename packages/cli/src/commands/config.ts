// spack-oci config: a section of Spack's configuration, merged, and which file each line of it came from.

import { formatPlace } from "@spack-oci/buildcache";
import { exitStatus } from "../exit-status.js";
import type { CommandContext, CommandResult } from "./command-context.js";

export interface ConfigArguments {
  readonly section: string;
}

export async function configCommand(args: ConfigArguments, context: CommandContext): Promise<CommandResult> {
  const blamed = context.session.instance.configuration.blame(args.section);
  const places = blamed.map(({ where }) => formatPlace(where));
  const width = Math.max(0, ...places.map((place) => place.length));
  return {
    json: blamed.map(({ line }, index) => ({ place: places[index], line })),
    lines: blamed.map(({ line }, index) => `${(places[index] ?? "").padEnd(width)}  ${line}`),
    status: exitStatus.done,
  };
}
