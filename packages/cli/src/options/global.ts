// The options that users type before the name of a command or after it.

import { type Command, Option } from "commander";
import { optionValues } from "../declaration/add-command.js";
import type { OptionTable } from "../declaration/command.js";
import type { ValuesOf } from "../declaration/parameter.js";
import { COMMON_OPTIONS } from "./common.js";
import { SPACK_OPTIONS } from "./spack.js";
import { TERMINAL_OPTIONS } from "./terminal.js";

/** In the order in which help lists them. */
export const GLOBAL_OPTIONS = { ...SPACK_OPTIONS, ...TERMINAL_OPTIONS, ...COMMON_OPTIONS };

export type GlobalValues = ValuesOf<typeof GLOBAL_OPTIONS>;

/** The global options as one command takes them after its name. */
export type GlobalTable = Readonly<Record<string, Option>>;

/**
 * A command's own flags come first: `find -c` is not `--config`, and of `image` the environment is only `-e`. A global
 * option without any flag left belongs before the command.
 */
export function globalOptionsBeside(own: OptionTable): GlobalTable {
  const taken = new Set(Object.values(own).flatMap(({ short, long }) => [short, long]));
  const names = new Set(Object.values(own).map((option) => option.attributeName()));
  const entries = Object.entries(GLOBAL_OPTIONS).flatMap(([name, option]) => {
    const long = isFree(option.long) && !names.has(option.attributeName()) ? option.long : undefined;
    const flags = [isFree(option.short) ? option.short : undefined, long].flatMap((flag) => flag ?? []);
    return flags.length === 0 ? [] : [[name, withFlags(option, flags)] as const];
  });
  return Object.fromEntries(entries);

  function isFree(flag: string | undefined): boolean {
    return flag !== undefined && !taken.has(flag);
  }
}

/** The same option under other flags, without its default: that belongs to the one before the command. */
function withFlags(option: Option, flags: readonly string[]): Option {
  const value = /<.*>/.exec(option.flags)?.[0];
  const named = `${flags.join(", ")}${value === undefined ? "" : ` ${value}`}`;
  const usual = option.defaultValue === undefined ? "" : ` (default: ${JSON.stringify(option.defaultValue)})`;
  const copy = new Option(named, `${option.description}${usual}`);
  if (option.argChoices !== undefined) copy.choices(option.argChoices);
  return option.parseArg === undefined ? copy : copy.argParser(option.parseArg);
}

/** What was given before and after the command: both of what is repeated, otherwise what comes after it. */
export function globalValues(program: Command, parser: Command, beside: GlobalTable): GlobalValues {
  const before = optionValues(program, GLOBAL_OPTIONS) as Readonly<Record<string, unknown>>;
  const after = optionValues(parser, beside) as Readonly<Record<string, unknown>>;
  const entries = Object.keys(GLOBAL_OPTIONS).map((name) => [name, merged(before[name], after[name])]);
  const values = Object.fromEntries(entries) as GlobalValues;
  // `-E` without `--no-env` is an option of its own.
  const isWithout = after["withoutEnvironment"] === true || values.environment === false;
  return isWithout ? { ...values, environment: false } : values;
}

function merged(before: unknown, after: unknown): unknown {
  if (Array.isArray(before) && Array.isArray(after)) return [...before, ...after];
  return after === undefined || (after === false && before !== undefined) ? before : after;
}
