// Derives from the images of packages which variables each package needs.

import { isWithin } from "@spack-oci/spack-tarball";
import type { EnvironmentModification } from "../../image-env/modifications.js";
import { parseVariables } from "../../image-env/variables.js";
import type { ImageMember } from "./read-member.js";

const SEPARATOR = ":";
/** Variables that are lists even if they hold a single directory. */
const LIST_NAME = /(PATH|_DIRS)$/;

/** Tells lists of directories from single values, and assigns directories to packages. */
export class MemberVariables {
  readonly #members: readonly ImageMember[];
  readonly #variables: ReadonlyMap<ImageMember, ReadonlyMap<string, string>>;
  readonly #lists = new Set<string>();
  /** Directories that a package's own image lists in a variable. */
  readonly #named = new Set<string>();

  constructor(members: readonly ImageMember[]) {
    this.#members = members;
    this.#variables = new Map(members.map((member) => [member, parseVariables(member.environment)]));
    for (const [member, variables] of this.#variables) {
      for (const [name, value] of variables) if (this.#isList(name, value)) this.#lists.add(name);
      for (const value of variables.values()) {
        for (const path of within(member, value)) this.#named.add(path);
      }
    }
  }

  /** Whether a package's own image lists this directory in a variable. */
  isNamed(directory: string): boolean {
    return this.#named.has(directory);
  }

  /** The directories of a package that its own image has in lists. */
  ownDirectories(member: ImageMember): EnvironmentModification[] {
    return this.#prepended(member, (value) => within(member, value));
  }

  /** Directories of other packages that this package's image has in lists, but their own images do not. */
  otherDirectories(member: ImageMember): EnvironmentModification[] {
    return this.#prepended(member, (value, name) =>
      value.split(SEPARATOR).filter((path) => {
        const owner = this.#members.find(({ prefix }) => isWithin(path, prefix));
        if (owner === undefined || owner === member) return false;
        return !within(owner, this.#variables.get(owner)?.get(name) ?? "").includes(path);
      }),
    );
  }

  /**
   * Single values that a package's image sets. A value that names no package may come from a base image, so it counts
   * only if the image has no base.
   */
  settings(member: ImageMember): EnvironmentModification[] {
    const variables = [...(this.#variables.get(member) ?? [])];
    return variables.flatMap(([name, value]) => {
      if (this.#lists.has(name)) return [];
      const isOfPackages = !member.hasBase || this.#members.some(({ prefix }) => value.includes(prefix));
      return isOfPackages ? [{ kind: "set" as const, name, value }] : [];
    });
  }

  /** In the order in which they have to be prepended to keep their order. */
  #prepended(
    member: ImageMember,
    choose: (value: string, name: string) => readonly string[],
  ): EnvironmentModification[] {
    const variables = [...(this.#variables.get(member) ?? [])].filter(([name]) => this.#lists.has(name));
    return variables.flatMap(([name, value]) =>
      [...new Set(choose(value, name))]
        .reverse()
        .map((path) => ({ kind: "prepend-path" as const, name, value: path })),
    );
  }

  #isList(name: string, value: string): boolean {
    if (LIST_NAME.test(name)) return true;
    const entries = value.split(SEPARATOR);
    const isOfPaths = entries.length > 1 && entries.every((entry) => entry === "" || entry.startsWith("/"));
    return isOfPaths && this.#members.some((member) => within(member, value).length > 0);
  }
}

function within({ prefix }: ImageMember, value: string): string[] {
  return value.split(SEPARATOR).filter((path) => isWithin(path, prefix));
}
