// Puts rows into the order of a column. All packages are sorted once for each column, so that sorted tables filter as fast
// as others.

import { COLUMNS } from "./columns.js";
import type { SiteModel } from "./site-model.js";

const known = new WeakMap<SiteModel, Map<string, readonly number[]>>();

/** @param sort the name of a column, after a `-` if the largest comes first; rows stay as they are for other texts */
export function sortedRows(site: SiteModel, rows: readonly number[], sort: string): readonly number[] {
  const order = orderOf(site, sort);
  if (order === undefined) return rows;
  const isListed = new Uint8Array(site.table.packages);
  for (const row of rows) isListed[row] = 1;
  return order.filter((row) => isListed[row] === 1);
}

function orderOf(site: SiteModel, sort: string): readonly number[] | undefined {
  const orders = known.get(site) ?? new Map<string, readonly number[]>();
  known.set(site, orders);
  const order = orders.get(sort) ?? allRows(site, sort);
  if (order !== undefined) orders.set(sort, order);
  return order;
}

function allRows(site: SiteModel, sort: string): readonly number[] | undefined {
  const column = COLUMNS.find(({ name }) => name === sort.replace(/^-/, ""));
  if (column === undefined) return undefined;
  const sign = sort.startsWith("-") ? -1 : 1;
  const rows = Array.from({ length: site.table.packages }, (_, row) => row);
  const keys = rows.map((row) => column.key(site, row));
  return rows.sort((one, other) => {
    const [left = "", right = ""] = [keys[one], keys[other]];
    return left < right ? -sign : left > right ? sign : one - other;
  });
}
