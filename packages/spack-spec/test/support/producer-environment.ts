// The producer's environment among the fixtures, as `spack find` needs it.

import { readJsonFixture } from "../../../../tests/support/spack-fixtures.js";
import type { FindEnvironment } from "../../src/find/find-environment.js";
import type { SpecCatalog } from "../../src/query/catalog.js";

interface Lock {
  readonly roots: readonly { readonly hash: string; readonly spec: string }[];
  readonly concrete_specs: Readonly<Record<string, unknown>>;
}

export function producerEnvironment(catalog: SpecCatalog): FindEnvironment {
  const lock = readJsonFixture<Lock>("spack-1.2/producer/spack.lock");
  return { name: "@ENV@", roots: lock.roots, hashes: Object.keys(lock.concrete_specs), graph: catalog.graph };
}
