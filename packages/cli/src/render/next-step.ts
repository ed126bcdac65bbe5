// Suggests the command to type after packages were installed.

import { basename } from "node:path";
import type { PackageName } from "@spack-oci/buildcache";
import { quoted } from "./quoted.js";

export interface NextStep {
  /** The packages that were named; none if everything was pulled. */
  readonly packages: readonly PackageName[];
  /** As given to --root. */
  readonly root: string | undefined;
  /** The file to source, if there is one. */
  readonly envScript: string | undefined;
  /** `SHELL` of the user. */
  readonly shell: string | undefined;
}

/** One line. Packages are named by hash, because a store may have several of a name. */
export function nextStep({ packages, root, envScript, shell = "" }: NextStep): string {
  if (envScript !== undefined)
    return `Next: . ${quoted(envScript.includes("/") ? envScript : `./${envScript}`)}`;
  const where = root === undefined ? "" : ` --root ${quoted(root)}`;
  if (packages.length === 0) return `Next: spack-oci find${where}`;
  const specs = packages.map(({ name, hash }) => `${name}/${hash.slice(0, 7)}`).join(" ");
  const name = basename(shell);
  if (name === "fish") return `Next: spack-oci env --fish ${specs}${where} | source`;
  if (name.endsWith("csh")) return `Next: eval \`spack-oci env --csh ${specs}${where}\``;
  return `Next: eval "$(spack-oci env ${specs}${where})"`;
}
