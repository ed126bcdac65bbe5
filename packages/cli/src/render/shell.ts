// Writes changes of the environment as commands of shells, like Spack.

import { type EnvironmentModification, modifyEnvironment } from "@spack-oci/buildcache";
import { quoted } from "./quoted.js";

/** A shell that can evaluate the commands. */
export type Shell = "sh" | "csh" | "fish";

interface ShellSyntax {
  readonly set: (name: string, value: string) => string;
  readonly unset: (name: string) => string;
}

/** Spack: util/environment.py, `_SHELL_SET_STRINGS` and `_SHELL_UNSET_STRINGS`. */
const SYNTAX: Readonly<Record<Shell, ShellSyntax>> = {
  sh: {
    set: (name, value) => `export ${name}=${quoted(value)};`,
    unset: (name) => `unset ${name};`,
  },
  csh: {
    set: (name, value) => `setenv ${name} ${quoted(value)};`,
    unset: (name) => `unsetenv ${name};`,
  },
  fish: {
    set: (name, value) => `set -gx ${name} ${quoted(value)};`,
    unset: (name) => `set -e ${name};`,
  },
};

/** A variable and its new value; undefined if it is unset. */
export type ChangedVariable = readonly [name: string, value: string | undefined];

/** The environment that a shell has after it evaluated the commands, for a program. */
export function environmentAfter(
  modifications: readonly EnvironmentModification[],
  environment: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  const after = { ...environment };
  for (const [name, value] of changedVariables(modifications, environment)) {
    if (value === undefined) delete after[name];
    else after[name] = value;
  }
  return after;
}

/** The variables that differ after the modifications, by name. */
export function changedVariables(
  modifications: readonly EnvironmentModification[],
  environment: NodeJS.ProcessEnv,
): readonly ChangedVariable[] {
  const before = variablesOf(environment);
  const after = variablesAfter(modifications, before);
  const names = [...new Set(modifications.map(({ name }) => name))].sort();
  return names
    .filter((name) => before.get(name) !== after.get(name))
    .map((name) => [name, after.get(name)] as const);
}

/**
 * `man` also searches its default directories if MANPATH ends with a colon, so it gets one (Spack: util/environment.py,
 * `EnvironmentModifications.shell_modifications`).
 */
function variablesAfter(
  modifications: readonly EnvironmentModification[],
  before: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const after = modifyEnvironment(before, modifications);
  const manuals = after.get("MANPATH");
  if (manuals?.endsWith(":") === false) after.set("MANPATH", `${manuals}:`);
  return after;
}

function variablesOf(environment: NodeJS.ProcessEnv): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(environment).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const],
    ),
  );
}

/** One command for each variable. */
export function shellCommands(shell: Shell, variables: readonly ChangedVariable[]): string[] {
  const { set, unset } = SYNTAX[shell];
  return variables.map(([name, value]) => (value === undefined ? unset(name) : set(name, value)));
}
