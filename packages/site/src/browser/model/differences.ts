// What differs between the builds of a package.

import type { SiteModel } from "./site-model.js";

/** A property of builds, and its value for each build. */
interface Property {
  readonly name: string;
  readonly values: ReadonlyMap<number, string>;
}

export interface Comparison {
  /** Properties with the same value for all builds; those without a value are left out. */
  readonly common: readonly (readonly [name: string, value: string])[];
  readonly different: readonly Property[];
}

/** Compares version, compiler, target, operating system, root, each variant and the dependencies of builds. */
export function compareBuilds(site: SiteModel, rows: readonly number[]): Comparison {
  const properties = new Map<string, Map<number, string>>();
  const add = (name: string, row: number, value: string) => {
    const values = properties.get(name) ?? new Map<number, string>();
    properties.set(name, values.set(row, value));
  };
  for (const row of rows) for (const [name, value] of propertiesOf(site, row)) add(name, row, value);
  const common: [string, string][] = [];
  const different: Property[] = [];
  for (const [name, values] of properties) {
    const distinct = new Set(rows.map((row) => values.get(row) ?? ""));
    const [only = ""] = distinct;
    if (distinct.size > 1) different.push({ name, values });
    else if (only !== "") common.push([name, only]);
  }
  return { common, different };
}

function propertiesOf({ table, labels }: SiteModel, row: number): (readonly [string, string])[] {
  const compilers = new Set(labels.compilers(row));
  const { values = {} } = table.parameterSets[table.parameters[row] ?? 0] ?? {};
  const dependencies: [string, string][] = [];
  for (let edge = table.firstEdge[row] ?? 0; edge < (table.firstEdge[row + 1] ?? 0); edge += 1) {
    const target = table.edgeTarget[edge] ?? 0;
    if (!compilers.has(target)) dependencies.push([`^${labels.name(target)}`, labels.version(target)]);
  }
  return [
    ["version", labels.version(row)],
    ["compiler", labels.compiler(row)],
    ["target", labels.target(row)],
    ["os", labels.os(row)],
    ["root", table.roots[table.root[row] ?? 0] ?? ""],
    ...Object.entries(values).map(([name, value]): [string, string] => [name, parameterText(value)]),
    ...dependencies,
  ];
}

function parameterText(value: unknown): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  return Array.isArray(value) ? value.join(" ") : String(value);
}
