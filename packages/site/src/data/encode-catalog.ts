// Turns a catalog into columns: what the table, the filter, the graph and the treemap need.

import type {
  SiteCatalog,
  SiteDependency,
  SitePackage,
  SiteSpec,
  SpecOrigin,
} from "../catalog/site-catalog.js";
import { type CatalogColumns, type EdgeKind, encodeEntries, type ParameterSet } from "./columns.js";

const HASH_LENGTH = 32;
const MINUTE = 60_000;

/** Dependencies that the catalog does not have are left out. */
export function encodeCatalog(catalog: SiteCatalog): CatalogColumns {
  const { packages, others } = catalog;
  const specs: readonly SiteSpec[] = [...packages, ...others];
  const names = new Dictionary<string>();
  const versions = new Dictionary<string>();
  const namespaces = new Dictionary<string | null>();
  const architectures = new Dictionary<SiteSpec["architecture"]>();
  const parameterSets = new Dictionary<ParameterSet>();
  const origins = new Dictionary<SpecOrigin>();
  const roots = new Dictionary<string | null>();
  return {
    mirror: catalog.mirror,
    read: catalog.read,
    packages: packages.length,
    ...hashColumns(specs),
    ...{ name: names.column(specs.map(({ name }) => name)), names: names.entries },
    ...{ version: versions.column(specs.map(({ version }) => version)), versions: versions.entries },
    ...{ namespace: namespaces.column(specs.map((spec) => spec.namespace)), namespaces: namespaces.entries },
    architecture: architectures.column(specs.map((spec) => spec.architecture)),
    architectures: architectures.entries,
    parameters: parameterSets.column(specs.map(parameterSet)),
    parameterSets: parameterSets.entries,
    ...{ origin: origins.column(specs.map(({ origin }) => origin)), origins: origins.entries },
    external: specs.map(({ external }) => Number(external)),
    ...edgeColumns(specs),
    size: packages.map(({ image }) => image?.layer.size ?? -1),
    packed: packages.map(packedMinute),
    root: roots.column(packages.map(({ image }) => image?.place?.unpaddedRoot ?? null)),
    roots: roots.entries,
    findings: catalog.findings,
  };
}

/** Values in the order of their first use; equal JSON is the same value. */
class Dictionary<Value> {
  readonly entries: Value[] = [];
  readonly #numbers = new Map<string, number>();

  column(values: readonly Value[]): number[] {
    return encodeEntries(values.map((value) => this.numberOf(value)));
  }

  numberOf(value: Value): number {
    const key = JSON.stringify(value);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.entries.length);
    return this.entries.push(value) - 1;
  }
}

function hashColumns(specs: readonly SiteSpec[]): Pick<CatalogColumns, "hashes" | "oddHashes"> {
  const oddHashes: Record<number, string> = {};
  const hashes = specs.map(({ hash }, row) => {
    if (hash.length === HASH_LENGTH) return hash;
    oddHashes[row] = hash;
    return " ".repeat(HASH_LENGTH);
  });
  return { hashes: hashes.join(""), oddHashes };
}

function parameterSet({ parameters: values, propagated, patches }: SiteSpec): ParameterSet {
  return {
    values,
    ...(propagated.length > 0 ? { propagated } : {}),
    ...(patches.length > 0 ? { patches } : {}),
  };
}

function edgeColumns(specs: readonly SiteSpec[]) {
  const rows = new Map(specs.map(({ hash }, row) => [hash, row]));
  const kinds = new Dictionary<EdgeKind>();
  const degree: number[] = [];
  const dependencies: number[] = [];
  const entries: number[] = [];
  const add = ({ hash, types, virtuals, direct }: SiteDependency): number => {
    const row = rows.get(hash);
    if (row === undefined) return 0;
    dependencies.push(row);
    entries.push(kinds.numberOf({ types, virtuals, direct }));
    return 1;
  };
  for (const spec of specs)
    degree.push(spec.dependencies.reduce((count, dependency) => count + add(dependency), 0));
  return { degree, dependencies, edgeKind: encodeEntries(entries), edgeKinds: kinds.entries };
}

function packedMinute({ image }: SitePackage): number {
  const time = Date.parse(image?.packed ?? "");
  return Number.isNaN(time) ? -1 : Math.floor(time / MINUTE);
}
