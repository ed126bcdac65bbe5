// Writes changes of the environment as a script that works in any environment, unlike the commands of `env`.

import { type EnvironmentModification, modifyEnvironment } from "@spack-oci/buildcache";
import { quoted } from "./quoted.js";

export interface EnvironmentScript {
  /** For sh, bash and zsh to source. */
  readonly text: string;
  /** Names of variables for which the script does less than Spack, because a recipe does more than to add. */
  readonly incomplete: readonly string[];
}

/** The steps of one variable, in order. */
type Steps = readonly EnvironmentModification[];

/**
 * The script adds to lists instead of setting them, and keeps the order of `changedVariables`.
 *
 * @param title what the script is for; a single line
 */
export function environmentScript(
  modifications: readonly EnvironmentModification[],
  title: string,
): EnvironmentScript {
  const names = [...new Set(modifications.map(({ name }) => name))].sort();
  const lines: string[] = [];
  const incomplete: string[] = [];
  for (const name of names) {
    const steps = modifications.filter((modification) => modification.name === name);
    const commands = joinedSteps(steps).map(commandFor);
    if (commands.includes(undefined)) incomplete.push(name);
    lines.push(...commands.filter((command) => command !== undefined));
    if (steps.at(-1)?.kind === "unset") continue;
    if (name === "MANPATH") lines.push(MANUALS);
    lines.push(`export ${name}`);
  }
  const comment = title.replaceAll(/[\r\n]/g, " ");
  return { text: `# ${comment}\n${lines.map((line) => `${line}\n`).join("")}`, incomplete };
}

/** Man searches its default directories after a trailing colon. */
const MANUALS = 'case "$MANPATH" in *:) ;; *) MANPATH="$MANPATH:" ;; esac';

interface Step {
  readonly kind: EnvironmentModification["kind"];
  readonly name: string;
  readonly value: string;
  readonly separator: string;
}

/** Directories that are prepended one after the other become one step. */
function joinedSteps(steps: Steps): readonly Step[] {
  const joined: Step[] = [];
  for (const step of steps) {
    const { kind, name } = step;
    const separator = step.separator ?? (kind.endsWith("flags") ? " " : ":");
    // As it would be added to an empty list, which normalizes it.
    const value = isAddition(kind) ? (modifyEnvironment(new Map(), [step]).get(name) ?? "") : step.value;
    const last = joined.at(-1);
    if (kind === "prepend-path" && last?.kind === kind && last.separator === separator) {
      joined[joined.length - 1] = { ...last, value: value + separator + last.value };
    } else joined.push({ kind, name, value, separator });
  }
  return joined;
}

function isAddition(kind: EnvironmentModification["kind"]): boolean {
  return kind === "prepend-path" || kind === "append-path" || kind === "append-flags";
}

function commandFor({ kind, name, value, separator }: Step): string | undefined {
  const between = separator === ":" ? ":" : `'${separator}'`;
  switch (kind) {
    case "set":
      return `${name}=${quoted(value)}`;
    case "unset":
      return `unset ${name}`;
    case "prepend-path":
      return `${name}=${quoted(value)}\${${name}:+${between}}\${${name}-}`;
    case "append-path":
    case "append-flags":
      return `${name}=\${${name}-}\${${name}:+${between}}${quoted(value)}`;
    default:
      return undefined;
  }
}
