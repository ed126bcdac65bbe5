// Tells which part of an image's environment its recipes added: what follows from nothing else.

import type { EnvironmentModification } from "../image-env/modifications.js";
import { parseVariables } from "../image-env/variables.js";

/** An image of packages that was made before. */
export interface ExistingImage {
  /** `config.Env`. */
  readonly environment: readonly string[];
  /** The same of the image that it was put on; empty without one, undefined where that is not known. */
  readonly base: readonly string[] | undefined;
}

/** What there would be without recipes, and what the additions are to go on top of. */
export interface WithoutRecipes {
  /** What prefixes and the image's own base give. */
  readonly variables: ReadonlyMap<string, string>;
  /** What they would give if prefixes had every directory that is looked for; on another machine they may have had. */
  readonly possible: ReadonlyMap<string, string>;
  /** Prefixes of the packages that are in the image. */
  readonly prefixes: readonly string[];
  /** The variables of the base of the new image. */
  readonly base: readonly string[];
  /** Whether the new image is for the same packages, and for no others. */
  readonly isAlone: boolean;
}

/** Variables of several directories, as they are usually named. */
const LISTS = /PATHS?$|DIRS$|LIBS?$/;

/**
 * Modifications to be applied after all others. On the base that the image had, they give its environment again; on
 * another one, or where its base is not known, only what names a prefix is sure to be the recipes'. That prefixes were
 * inspected as they are now has to be assumed.
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

/** Whether all of `some` are among `all`, in the same order. */
function isWithin(some: readonly string[], all: readonly string[]): boolean {
  let next = 0;
  for (const entry of all) if (entry === some[next]) next += 1;
  return next === some.length;
}

/** `all` without `some`, each as often as it is there; what is left keeps its order. */
function difference(all: readonly string[], some: readonly string[]): string[] {
  const left = [...some];
  return all.filter((entry) => {
    const index = left.indexOf(entry);
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
}
