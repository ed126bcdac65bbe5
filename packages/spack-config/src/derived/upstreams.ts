// Other Spack instances whose packages this one uses without installing them again.

import { SpackOciError } from "@spack-oci/errors";
import type { Configuration } from "../configuration.js";
import { canonicalizePath } from "../paths/canonicalize.js";
import type { PathContext } from "../paths/variables.js";
import { type ConfigScalar, child } from "../yaml/value.js";

/**
 * The roots of the upstream install trees by name, in Spack's order of lookup.
 *
 * Source: `lib/spack/spack/store.py`, `_construct_upstream_dbs_from_install_roots` and its caller.
 *
 * @throws SpackOciError `ERR_UPSTREAM_WITHOUT_ROOT` for an upstream without `install_tree`, and the errors of {@link
 *   Configuration.section}.
 */
export function upstreams(configuration: Configuration, paths: PathContext): Map<string, string> {
  const section = configuration.section("upstreams");
  const entries = section.kind === "map" ? [...section.entries] : [];
  return new Map(
    entries.map(([name, { value }]) => {
      const root = child(value, "install_tree");
      if (root === undefined) throw withoutRoot(name);
      return [name, canonicalizePath(root as ConfigScalar, paths)];
    }),
  );
}

function withoutRoot(name: string): SpackOciError {
  return new SpackOciError("ERR_UPSTREAM_WITHOUT_ROOT", `Upstream ${name} has no install_tree.`, {
    kind: "usage",
    place: name,
    hint: "Add `install_tree:` to it in upstreams.yaml.",
  });
}
