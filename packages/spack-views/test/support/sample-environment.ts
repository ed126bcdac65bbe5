// The producer's environment and store, as plain data.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseDatabase } from "@spack-oci/spack-store";
import { fixture } from "../../../../tests/support/fixtures.js";
import type { ViewDescriptor } from "../../src/descriptor/view-descriptor.js";
import type { ViewPackages } from "../../src/descriptor/view-packages.js";

/** A descriptor as in `view:`, and what Spack makes of it. */
export interface DescriptorCase {
  readonly descriptor: {
    readonly root: string;
    readonly link?: ViewDescriptor["link"];
    readonly link_type?: ViewDescriptor["linkType"];
    readonly select?: readonly string[];
    readonly exclude?: readonly string[];
    readonly projections?: Readonly<Record<string, string>>;
  };
  readonly root: string;
  /** DAG hashes. */
  readonly specs: readonly string[];
  readonly hash: string;
  readonly places: Readonly<Record<string, string>>;
}

export const descriptorCases = JSON.parse(
  readFileSync(
    fileURLToPath(new URL("../../../../tests/fixtures/oracles/views/descriptors.json", import.meta.url)),
    "utf8",
  ),
) as DescriptorCase[];

export function descriptorOf({ descriptor, root }: DescriptorCase): ViewDescriptor {
  const projections = new Map(Object.entries(descriptor.projections ?? {}));
  return {
    root,
    link: descriptor.link ?? "all",
    linkType: descriptor.link_type ?? "symlink",
    select: descriptor.select ?? [],
    exclude: descriptor.exclude ?? [],
    projections,
    written: { root: descriptor.root, projections },
  };
}

/** The packages of the producer's environment, all of which are installed. */
export function samplePackages(): ViewPackages {
  const { records } = parseDatabase(
    readFileSync(fixture("producer/spack-db-index.json"), "utf8"),
    "index.json",
  );
  const lock = JSON.parse(readFileSync(fixture("producer/spack.lock"), "utf8")) as {
    roots: { hash: string }[];
  };
  return {
    graph: new Map([...records].map(([hash, { spec }]) => [hash, spec])),
    roots: lock.roots.map(({ hash }) => hash),
    isInstalled: ({ hash }) => records.get(hash)?.installed === true,
    prefixOf: ({ hash }) => records.get(hash)?.path ?? "",
    storeRoot: "/tmp/spackA/opt",
  };
}
