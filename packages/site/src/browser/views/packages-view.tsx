// The table of all builds that a filter leaves.

import { useMemo } from "preact/hooks";
import type { FilterResult } from "../../filter/catalog-filter.js";
import { countText } from "../model/labels.js";
import { addressOf } from "../model/route.js";
import { sortedRows } from "../model/row-orders.js";
import { useSite } from "../model/site-model.js";
import { PackageTable } from "../parts/package-table.js";
import { Text } from "../parts/text.js";

interface PackagesViewProps {
  readonly filter: string;
  /** The name of a column, after a `-` if the largest comes first. */
  readonly sort: string;
}

export function PackagesView({ filter, sort }: PackagesViewProps) {
  const site = useSite();
  const result = useMemo(() => site.filter.match(filter), [site, filter]);
  const rows = useMemo(() => sortedRows(site, result.rows, sort), [site, result, sort]);
  const all = site.table.packages;
  const onSort = (column: string) => {
    const isUp = sort === column;
    location.assign(addressOf({ view: "packages", filter, sort: isUp ? `-${column}` : column }));
  };
  return (
    <div class="packages">
      <h1 class="count" aria-live="polite">
        {rows.length === all ? countText(all) : `${countText(rows.length)} of ${countText(all)}`} builds
        <Explanation result={result} />
      </h1>
      {rows.length === 0 ? (
        <p class="quiet">
          No build matches. <a href={addressOf({ view: "packages", filter: "", sort })}>Show all</a>
        </p>
      ) : (
        <PackageTable rows={rows} sort={sort} onSort={onSort} />
      )}
    </div>
  );
}

function Explanation({ result: { by, problem } }: { readonly result: FilterResult }) {
  if (by !== "words" || problem === undefined) return null;
  return (
    <span class="quiet">
      {" "}
      with these words; not a spec: <Text limit={120}>{problem.split("\n", 1)[0] ?? ""}</Text>
    </span>
  );
}
