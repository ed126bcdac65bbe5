// Finds the part of an image's environment that recipes added: everything that nothing else explains.

import type { EnvironmentModification } from "../image-env/modifications.js";
import { parseVariables } from "../image-env/variables.js";

/** An image of packages that was made earlier. */
export interface ExistingImage {
  /** `config.Env`. */
  readonly environment: readonly string[];
  /** `config.Env` of the image below; empty without a base image, undefined if unknown. */
  readonly base: readonly string[] | undefined;
}

/** The environment without recipes, and the base that the additions apply to. */
export interface WithoutRecipes {
  /** The variables that prefixes and the image's own base account for. */
  readonly variables: ReadonlyMap<string, string>;
  /** The variables if prefixes had every inspected directory, as they may have had on another machine. */
  readonly possible: ReadonlyMap<string, string>;
  /** Prefixes of the packages in the image. */
  readonly prefixes: readonly string[];
  /** The variables of the new image's base. */
  readonly base: readonly string[];
  /** Whether the new image is for exactly the same packages. */
  readonly isAlone: boolean;
}

/** The usual names of variables that hold several directories. */
const LISTS = /PATHS?$|DIRS$|LIBS?$/;

/**
 * Modifications to apply after all others. On the image's former base they reproduce its environment; on another or
 * unknown base, only values that name a prefix surely come from recipes. Assumes that prefixes are inspected as they
 * were for the existing image.
 */
export function recipesInImage(image: ExistingImage, without: WithoutRecipes): EnvironmentModification[] {
  const { isAlone, base } = without;
  const isSameBase = image.base !== undefined && image.base.join("\n") === base.join("\n");
  const isOurs = (text: string) => without.prefixes.some((prefix) => text.includes(prefix));
  const isSure = (text: string) => image.base !== undefined || isOurs(text);
  return [...parseVariables(image.environment)].flatMap(([name, value]): EnvironmentModification[] => {
    const native = without.variables.get(name);
    const whole = value !== native && isSure(value) ? [{ kind: "set" as const, name, value }] : [];
    if (native === undefined && !isList(name, value)) return whole;
    const [entries, directories] = [value.split(":"), native?.split(":") ?? []];
    const possible = new Set(without.possible.get(name)?.split(":"));
    const added = difference(entries, directories).filter((entry) => isSure(entry) && !possible.has(entry));
    if (added.length === 0) return [];
    if (isAlone && isSameBase && isWithin(directories, entries)) return whole;
    if (!isList(name, value)) return whole;
    return added.reverse().map((directory) => ({ kind: "prepend-path", name, value: directory }));
  });
}

function isList(name: string, value: string): boolean {
  return LISTS.test(name) && value.split(":").every((entry) => entry.startsWith("/"));
}

/** Whether `all` contains all of `some`, in the same order. */
function isWithin(some: readonly string[], all: readonly string[]): boolean {
  let next = 0;
  for (const entry of all) if (entry === some[next]) next += 1;
  return next === some.length;
}

/** `all` without `some`, counting duplicates; the rest keeps its order. */
function difference(all: readonly string[], some: readonly string[]): string[] {
  const left = [...some];
  return all.filter((entry) => {
    const index = left.indexOf(entry);
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
}
