// All builds of a package side by side, with what differs between them.

import { useMemo, useState } from "preact/hooks";
import { type Comparison, compareBuilds } from "../model/differences.js";
import { countText, dayText, sizeText } from "../model/labels.js";
import { addressOf } from "../model/route.js";
import { useSite } from "../model/site-model.js";
import { Panel } from "../parts/bars.js";
import { Code, Text } from "../parts/text.js";

/** More rows and columns are shown on request. */
const MAX_BUILDS = 100;
const MAX_PROPERTIES = 16;

export function PackageView({ name }: { readonly name: string }) {
  const site = useSite();
  const { table } = site;
  const rows = useMemo(() => buildsOf(site.table, name), [site, name]);
  const comparison = useMemo(() => compareBuilds(site, rows), [site, rows]);
  const total = rows.reduce((sum, row) => sum + Math.max(0, table.size[row] ?? 0), 0);
  if (rows.length === 0) return <Missing name={name} />;
  return (
    <>
      <h1>
        <Text limit={200}>{name}</Text>
      </h1>
      <p class="quiet">
        {countText(rows.length)} {rows.length === 1 ? "build" : "builds"}, {sizeText(total)} ·{" "}
        <a href={addressOf({ view: "space", name })}>space</a> ·{" "}
        <a href={addressOf({ view: "packages", filter: `^${name}`, sort: "" })}>builds that depend on it</a>
      </p>
      <Builds rows={rows} comparison={comparison} />
      {comparison.common.length > 0 && rows.length > 1 && (
        <Panel title="Common to all builds" span="wide">
          <dl class="properties">
            {comparison.common.map(([property, value]) => (
              <div key={property}>
                <dt>
                  <Text limit={80}>{property}</Text>
                </dt>
                <dd>
                  <Text limit={200}>{value}</Text>
                </dd>
              </div>
            ))}
          </dl>
        </Panel>
      )}
    </>
  );
}

function Missing({ name }: { readonly name: string }) {
  return (
    <>
      <h1>No such package</h1>
      <p>
        The buildcache has no package called <Code limit={200}>{name}</Code>.
      </p>
    </>
  );
}

function Builds({ rows, comparison }: { readonly rows: readonly number[]; readonly comparison: Comparison }) {
  const { table, labels } = useSite();
  const [showAll, setShowAll] = useState(false);
  const builds = showAll ? rows : rows.slice(0, MAX_BUILDS);
  const properties = comparison.different.slice(0, showAll ? undefined : MAX_PROPERTIES);
  const hidden = rows.length - builds.length + comparison.different.length - properties.length;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table scrolls, also by keyboard. */}
      <section class="side-by-side" aria-label="Builds side by side" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Build</th>
              {properties.map(({ name }) => (
                <th key={name} scope="col">
                  <Text limit={40}>{name}</Text>
                </th>
              ))}
              <th scope="col" class="number">
                Size
              </th>
              <th scope="col" class="number">
                Pushed
              </th>
            </tr>
          </thead>
          <tbody>
            {builds.map((row) => (
              <tr key={row}>
                <th scope="row">
                  <a href={addressOf({ view: "build", hash: labels.hash(row) })}>
                    <Code limit={7}>{labels.hash(row).slice(0, 7)}</Code>
                  </a>
                </th>
                {properties.map(({ name, values }) => (
                  <td key={name} class={valueClass(values.get(row))}>
                    <Text limit={60}>{values.get(row) ?? "–"}</Text>
                  </td>
                ))}
                <td class="number">{sizeText(table.size[row] ?? -1)}</td>
                <td class="number">{dayText(table.packed[row] ?? -1)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {hidden > 0 && (
        <button type="button" onClick={() => setShowAll(true)}>
          Show everything that differs
        </button>
      )}
    </>
  );
}

function valueClass(value: string | undefined): string {
  return value === undefined || value === "no" ? "quiet" : "";
}

/** The newest version first. */
function buildsOf(table: ReturnType<typeof useSite>["table"], name: string): number[] {
  const entry = table.names.indexOf(name);
  const rows: number[] = [];
  for (let row = 0; row < table.packages; row += 1) if (table.name[row] === entry) rows.push(row);
  return rows.sort((one, other) => (table.packed[other] ?? 0) - (table.packed[one] ?? 0) || one - other);
}
