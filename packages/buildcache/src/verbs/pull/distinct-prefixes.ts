// Checks that every package of a pull has a prefix for itself before anything is fetched, since one would otherwise
// replace the other.

import { SpackOciError } from "@spack-oci/errors";
import type { SpecNode } from "@spack-oci/spack-spec";
import type { InstallDatabase } from "@spack-oci/spack-store";
import { describePackage } from "../../events/events.js";
import type { PullItem } from "./plan-pull.js";

/**
 * Like Spack, which calls this a collision of prefixes (Spack: database.py, `_add`; installer.py). A prefix without a
 * record belongs to no package, and is left to the install itself.
 *
 * @throws SpackOciError `ERR_PREFIX_SHARED` (`conflict`) if the prefix of a package belongs to another one, installed
 *   or planned
 */
export function requireDistinctPrefixes(todo: readonly PullItem[], { records }: InstallDatabase): void {
  const owners = new Map<string, SpecNode>();
  for (const { path, installed, spec } of records.values()) {
    if (installed && path !== null && spec.external === undefined) owners.set(path, spec);
  }
  for (const { node, prefix } of todo) {
    const owner = owners.get(prefix);
    if (owner !== undefined && owner.hash !== node.hash) {
      const both = `${describePackage(node)} and ${describePackage(owner)}`;
      throw new SpackOciError("ERR_PREFIX_SHARED", `${both} have the same prefix.`, {
        kind: "conflict",
        place: prefix,
        hint: `Both would be at ${prefix}. Use projections with {hash} in them, or another root.`,
      });
    }
    owners.set(prefix, node);
  }
}
