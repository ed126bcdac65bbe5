// Makes variables name the view that packages are linked into, rather than each package.

import type { EnvironmentModification } from "../../image-env/modifications.js";
import type { ImageMember } from "./read-member.js";

/**
 * Replaces the prefixes of packages by the view's (Spack: user_environment.py, `project_env_mods`), and removes the
 * duplicates that result.
 */
export function linkedModifications(
  modifications: readonly EnvironmentModification[],
  members: readonly ImageMember[],
  view: string,
): EnvironmentModification[] {
  const prefixes = members.map(({ prefix }) => prefix).sort((a, b) => b.length - a.length);
  const linked = modifications.map((modification) => ({
    ...modification,
    value: prefixes.reduce((value, prefix) => value.replaceAll(prefix, view), modification.value),
  }));
  // The last one to be prepended comes first.
  const last = new Map(
    linked.map((modification) => [`${modification.name}=${modification.value}`, modification]),
  );
  return linked.filter(
    (modification) => last.get(`${modification.name}=${modification.value}`) === modification,
  );
}
