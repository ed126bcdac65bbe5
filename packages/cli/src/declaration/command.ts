// Declares a command in one place: its name, its parameters, and its implementation.

import type { CommandResult } from "../render/result.js";
import type { CommandContext } from "./command-context.js";
import type { TypedArgument, TypedOption, ValuesOf } from "./parameter.js";

export type ArgumentTable = Readonly<Record<string, TypedArgument<unknown>>>;
export type OptionTable = Readonly<Record<string, TypedOption<unknown>>>;

/** A command line that help shows, and what it is for. */
export interface Example {
  /** A phrase in the imperative, without a period: "Push zlib and its dependencies". */
  readonly purpose: string;
  /** What follows `spack-oci`, in the words of a shell. The mirror of examples is called `mochi`. */
  readonly line: string;
}

/** A command. `run` receives the values of `arguments` and `options` under their names. */
export interface CommandDeclaration<Arguments extends ArgumentTable, Options extends OptionTable> {
  readonly name: string;
  readonly summary: string;
  /** At least two: the most common use, and one that shows an option. */
  readonly examples: readonly [Example, Example, ...Example[]];
  /** In the order in which users type them. */
  readonly arguments: Arguments;
  /** In the order in which help lists them. */
  readonly options: Options;
  /** Text after the options in help. */
  readonly notes?: string;
  /**
   * Imports what is slow to load with `await import`, not at the top of the file, so that help and usage errors do
   * not load it.
   */
  run(args: ValuesOf<Arguments> & ValuesOf<Options>, context: CommandContext): Promise<CommandResult>;
}

/** Any command, for lists. */
export interface AnyCommand extends Omit<CommandDeclaration<ArgumentTable, OptionTable>, "run"> {
  run(args: never, context: CommandContext): Promise<CommandResult>;
}

/** Infers the types of a command's parameters. */
export function defineCommand<const Arguments extends ArgumentTable, const Options extends OptionTable>(
  declaration: CommandDeclaration<Arguments, Options>,
): CommandDeclaration<Arguments, Options> {
  return declaration;
}
