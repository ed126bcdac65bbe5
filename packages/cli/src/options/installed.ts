// Chooses among installed packages: a store, and what is known about the recipes of its packages.

import type { EnvRequest, Session } from "@spack-oci/buildcache";
import { SpackOciError } from "@spack-oci/errors";
import { flag } from "../declaration/parameter.js";

/** Spack: cmd/load.py, `--first`. */
export const FIRST_OPTION = flag("--first", "take the first package if a spec matches several");

/** The store that a root names, by default Spack's own, and what applies to its packages. */
export async function installedIn(session: Session, root: string | undefined) {
  const { spack, stores } = session;
  const { recipes, environment } = spack;
  const request: Omit<EnvRequest, "specs"> = {
    upstreams: await stores.upstreams(root),
    inspections: spack.instanceIfAny?.prefixInspections,
    recipes,
    ...(environment === undefined || root !== undefined
      ? {}
      : { among: new Set(environment.concreteSpecs.map(({ hash }) => hash)) }),
  };
  return { store: await stores.open(root, "--root"), request };
}

/** @throws SpackOciError `ERR_USAGE` without specs */
export function requireSpecs(specs: readonly string[]): void {
  if (specs.length > 0) return;
  throw new SpackOciError("ERR_USAGE", "No package named.", {
    kind: "usage",
    hint: 'Name at least one; "spack-oci find" lists what is installed.',
  });
}
