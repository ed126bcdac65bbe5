// The producer's environment and store, as plain data.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { asObject, asString, parseJson, readNode, type SpecNode } from "@spack-oci/spack-spec";
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

/** The packages of the producer's environment. */
export function samplePackages(): ViewPackages {
  const file = "producer/spack-db-index.json";
  const database = asObject(parseJson(readFileSync(fixture(file), "utf8"), { place: file }), file);
  const records = asObject(asObject(database.get("database"), "database").get("installs"), "installs");
  const graph = new Map<string, SpecNode>();
  const prefixes = new Map<string, string>();
  const installed = new Set<string>();
  for (const [hash, json] of records) {
    const record = asObject(json, hash);
    graph.set(hash, readNode(record.get("spec") ?? null, 5, hash));
    prefixes.set(hash, asString(record.get("path"), "path"));
    if (record.get("installed") === true) installed.add(hash);
  }
  const lock = JSON.parse(readFileSync(fixture("producer/spack.lock"), "utf8")) as {
    roots: { hash: string }[];
  };
  return {
    graph,
    roots: lock.roots.map(({ hash }) => hash),
    isInstalled: ({ hash }) => installed.has(hash),
    prefixOf: ({ hash }) => prefixes.get(hash) ?? "",
    storeRoot: "/tmp/spackA/opt",
  };
}
