// What every view works with.

import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { CatalogTable } from "../../data/decode-catalog.js";
import { CatalogFilter } from "../../filter/catalog-filter.js";
import { Labels } from "./labels.js";

export interface SiteModel {
  readonly table: CatalogTable;
  readonly labels: Labels;
  readonly filter: CatalogFilter;
}

export function siteModel(table: CatalogTable): SiteModel {
  return { table, labels: new Labels(table), filter: new CatalogFilter(table) };
}

export const SiteContext = createContext<SiteModel | undefined>(undefined);

export function useSite(): SiteModel {
  const site = useContext(SiteContext);
  if (site === undefined) throw new Error("A view is outside of the site.");
  return site;
}
