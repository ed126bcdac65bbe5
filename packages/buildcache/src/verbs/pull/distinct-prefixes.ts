// Looks whether every package of a pull has a place of its own, before anything is fetched: what is put where another
// package lies takes that one's place.

import { SpackOciError } from "@spack-oci/errors";
import type { SpecNode } from "@spack-oci/spack-spec";
import type { InstallDatabase } from "@spack-oci/spack-store";
import { describePackage } from "../../events/events.js";
import type { PullItem } from "./plan-pull.js";

/**
 * As Spack, which calls it a collision of prefixes (Spack: database.py, `_add`; installer.py). A prefix that nobody has
 * recorded is no package's, and is left to the install itself.
 *
 * @throws SpackOciError `ERR_PREFIX_SHARED` (`conflict`) where a package would lie where another one is, or is going to be
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
      throw new SpackOciError("ERR_PREFIX_SHARED", `${both} have one prefix.`, {
        kind: "conflict",
        place: prefix,
        hint: `Both would be at ${prefix}. Give projections with {hash} in them, or another root.`,
      });
    }
    owners.set(prefix, node);
  }
}
