// The first view: what the buildcache holds, in numbers.

import { countText, dayText, sizeText } from "../model/labels.js";
import { addressOf } from "../model/route.js";
import { type SiteModel, useSite } from "../model/site-model.js";
import { type Bar, Bars, Panel } from "../parts/bars.js";
import { PushHistory } from "../parts/push-history.js";
import { RowLink } from "../parts/row-link.js";
import { Text } from "../parts/text.js";

const LATEST = 10;

export function Overview() {
  const site = useSite();
  const { table, labels } = site;
  const rows = Array.from({ length: table.packages }, (_, row) => row);
  const names = new Set(rows.map((row) => table.name[row]));
  const versions = new Set(rows.map((row) => `${table.name[row]} ${table.version[row]}`));
  const latest = rows
    .filter((row) => (table.packed[row] ?? -1) >= 0)
    .sort((one, other) => (table.packed[other] ?? 0) - (table.packed[one] ?? 0));
  const total = rows.reduce((sum, row) => sum + Math.max(0, table.size[row] ?? 0), 0);
  const filtered = (filter: string) => addressOf({ view: "packages", filter, sort: "" });
  return (
    <>
      <h1>Overview</h1>
      <dl class="figures">
        <Figure name="builds" value={countText(rows.length)} />
        <Figure name="packages" value={countText(names.size)} />
        <Figure name="versions" value={countText(versions.size)} />
        <Figure name="compressed" value={sizeText(total)} />
        <Figure
          name="last push"
          value={latest[0] === undefined ? "–" : dayText(table.packed[latest[0]] ?? -1)}
        />
        <Figure
          name="warnings"
          value={countText(table.findings.length)}
          href={addressOf({ view: "warnings" })}
        />
      </dl>
      <div class="panels">
        <Panel title="Targets">
          <Bars
            bars={counted(
              rows,
              (row) => labels.target(row),
              (each) => filtered(`target=${each}`),
            )}
          />
        </Panel>
        <Panel title="Operating systems">
          <Bars
            bars={counted(
              rows,
              (row) => labels.os(row),
              (each) => filtered(`os=${each}`),
            )}
          />
        </Panel>
        <Panel title="Compilers">
          <Bars bars={counted(rows, (row) => labels.compiler(row), compilerFilter(filtered))} />
        </Panel>
        <Panel title="Install roots" note="without padding">
          <Bars bars={counted(rows, (row) => table.roots[table.root[row] ?? 0] ?? "unknown")} />
        </Panel>
        <Panel title="Pushed" note="builds by month">
          <PushHistory rows={latest} />
        </Panel>
        <Panel title="Largest packages" note="all builds">
          <Bars bars={largest(site, rows)} limit={10} />
        </Panel>
        <Panel title="Latest pushes" span="wide">
          <ul class="latest">
            {latest.slice(0, LATEST).map((row) => (
              <li key={row}>
                <time dateTime={dayText(table.packed[row] ?? -1)}>{dayText(table.packed[row] ?? -1)}</time>
                <RowLink row={row} />
                <span class="quiet">
                  <Text limit={40}>{labels.target(row)}</Text>
                </span>
                <span class="number">{sizeText(table.size[row] ?? -1)}</span>
              </li>
            ))}
          </ul>
        </Panel>
      </div>
    </>
  );
}

interface FigureProps {
  readonly name: string;
  readonly value: string;
  readonly href?: string;
}

function Figure({ name, value, href }: FigureProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{href === undefined ? value : <a href={href}>{value}</a>}</dd>
    </div>
  );
}

function counted(
  rows: readonly number[],
  labelOf: (row: number) => string,
  hrefOf?: (label: string) => string | undefined,
): Bar[] {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(labelOf(row), (counts.get(labelOf(row)) ?? 0) + 1);
  return [...counts].map(([label, count]) =>
    label === "" ? { label: "none", count } : { label, count, href: hrefOf?.(label) },
  );
}

/** Several compilers of one build cannot be told apart from each of them, so only single ones lead to a filter. */
function compilerFilter(filtered: (filter: string) => string) {
  return (label: string) => (label.includes(" ") ? undefined : filtered(`%${label}`));
}

function largest({ table, labels }: SiteModel, rows: readonly number[]): Bar[] {
  const sizes = new Map<number, { row: number; size: number }>();
  for (const row of rows) {
    const name = table.name[row] ?? 0;
    const size = (sizes.get(name)?.size ?? 0) + Math.max(0, table.size[row] ?? 0);
    sizes.set(name, { row, size });
  }
  const most = [...sizes.values()].sort((one, other) => other.size - one.size).slice(0, 10);
  return most.map(({ row, size }) => {
    const label = labels.name(row);
    return { label, count: size, value: sizeText(size), href: addressOf({ view: "package", name: label }) };
  });
}
