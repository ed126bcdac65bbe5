// The producer's environment among the fixtures, as `spack find` needs it.
import type { FindEnvironment } from "../../../src/spec-language/find/find-environment.js";
import type { SpecCatalog } from "../../../src/spec-language/query/catalog.js";
import { readJsonFixture } from "../../support/fixtures.js";

interface Lock {
  readonly roots: readonly { readonly hash: string; readonly spec: string }[];
  readonly concrete_specs: Readonly<Record<string, unknown>>;
}

export function producerEnvironment(catalog: SpecCatalog): FindEnvironment {
  const lock = readJsonFixture<Lock>("spack-1.2/producer/spack.lock");
  return { name: "@ENV@", roots: lock.roots, hashes: Object.keys(lock.concrete_specs), specs: catalog.specs };
}
