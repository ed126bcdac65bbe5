// How much space packages take, or the builds of one of them.

import { addressOf } from "./route.js";
import type { SiteModel } from "./site-model.js";

export interface SpaceItem {
  readonly label: string;
  /** Bytes of compressed layers. */
  readonly size: number;
  readonly href: string;
  /** Keeps its color, whatever else is shown. */
  readonly color: number;
}

/** How many colors the style has for parts of a drawing. */
const COLORS = 8;

/** @param name a package, or nothing for all packages; the largest first */
export function spaceOf(site: SiteModel, name: string): SpaceItem[] {
  const items = name === "" ? packages(site) : builds(site, name);
  return items.sort((one, other) => other.size - one.size);
}

function packages({ table }: SiteModel): SpaceItem[] {
  const sizes = new Map<number, number>();
  for (let row = 0; row < table.packages; row += 1) {
    const entry = table.name[row] ?? 0;
    sizes.set(entry, (sizes.get(entry) ?? 0) + Math.max(0, table.size[row] ?? 0));
  }
  return [...sizes].map(([entry, size]) => {
    const label = table.names[entry] ?? "";
    return { label, size, href: addressOf({ view: "space", name: label }), color: colorOf(label) };
  });
}

function builds({ table, labels }: SiteModel, name: string): SpaceItem[] {
  const entry = table.names.indexOf(name);
  const items: SpaceItem[] = [];
  for (let row = 0; row < table.packages; row += 1) {
    if (table.name[row] !== entry) continue;
    const hash = labels.hash(row);
    const label = `${labels.version(row)} /${hash.slice(0, 7)} ${labels.target(row)}`;
    const size = Math.max(0, table.size[row] ?? 0);
    items.push({
      label,
      size,
      href: addressOf({ view: "build", hash }),
      color: colorOf(labels.version(row)),
    });
  }
  return items;
}

function colorOf(text: string): number {
  let hash = 0;
  for (const character of text.slice(0, 100)) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 65521;
  return hash % COLORS;
}
