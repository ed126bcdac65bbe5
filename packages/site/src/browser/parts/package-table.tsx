// A table of which only the visible rows exist, so that it scrolls the same with 20 rows and with 20 000.

import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from "@tanstack/virtual-core";
import { useEffect, useLayoutEffect, useReducer, useRef, useState } from "preact/hooks";
import { COLUMNS } from "../model/columns.js";
import { addressOf } from "../model/route.js";
import { useSite } from "../model/site-model.js";
import { Text } from "./text.js";

const ROW_HEIGHT = 30;
/** On narrow screens, a row has two lines. */
const TALL_ROW_HEIGHT = 54;
const NARROW = "(max-width: 760px)";
/** Longer texts do not fit into a column. */
const MAX_TEXT = 160;

interface PackageTableProps {
  readonly rows: readonly number[];
  readonly sort: string;
  readonly onSort: (column: string) => void;
}

export function PackageTable({ rows, sort, onSort }: PackageTableProps) {
  const { scroller, virtualizer } = useVirtualizer(rows.length);
  const items = virtualizer.getVirtualItems();
  return (
    // biome-ignore-start lint/a11y/useSemanticElements: rows of a table element cannot be placed freely.
    // biome-ignore-start lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard.
    // biome-ignore-start lint/a11y/useFocusableInteractive: cells are read, not used.
    <div
      class="table"
      role="table"
      aria-label="Builds"
      aria-rowcount={rows.length + 1}
      ref={scroller}
      tabIndex={0}
    >
      <div role="rowgroup" class="table-head">
        <div role="row" class="row head" aria-rowindex={1}>
          {COLUMNS.map(({ name, title, isNumber }) => (
            <span
              key={name}
              role="columnheader"
              class={`${name}${isNumber ? " number" : ""}`}
              aria-sort={direction(name, sort)}
            >
              <button type="button" onClick={() => onSort(name)}>
                {title}
                <span aria-hidden="true">
                  {{ ascending: " ↑", descending: " ↓", none: "" }[direction(name, sort)]}
                </span>
              </button>
            </span>
          ))}
        </div>
      </div>
      <div role="rowgroup" class="rows" style={{ height: `${virtualizer.getTotalSize()}px` }}>
        {items.map(({ index, start, size }) => (
          <Row key={rows[index]} row={rows[index] ?? 0} index={index} place={{ start, size }} />
        ))}
      </div>
    </div>
    // biome-ignore-end lint/a11y/useSemanticElements: as above
    // biome-ignore-end lint/a11y/noNoninteractiveTabindex: as above
    // biome-ignore-end lint/a11y/useFocusableInteractive: as above
  );
}

interface RowProps {
  readonly row: number;
  readonly index: number;
  /** Where it begins, and its height; both in pixels. */
  readonly place: { readonly start: number; readonly size: number };
}

function Row({ row, index, place: { start, size } }: RowProps) {
  const site = useSite();
  return (
    // biome-ignore-start lint/a11y/useSemanticElements: rows of a table element cannot be placed freely.
    // biome-ignore-start lint/a11y/useFocusableInteractive: rows and cells are read, not used.
    <div
      role="row"
      class="row"
      aria-rowindex={index + 2}
      style={{ height: `${size}px`, transform: `translateY(${start}px)` }}
    >
      {COLUMNS.map(({ name, text, isNumber }) => {
        const content = <Text limit={MAX_TEXT}>{text(site, row)}</Text>;
        return (
          <span key={name} role="cell" class={`${name}${isNumber ? " number" : ""}`}>
            {name === "name" ? (
              <a href={addressOf({ view: "build", hash: site.labels.hash(row) })}>{content}</a>
            ) : (
              content
            )}
          </span>
        );
      })}
    </div>
    // biome-ignore-end lint/a11y/useSemanticElements: as above
    // biome-ignore-end lint/a11y/useFocusableInteractive: as above
  );
}

function direction(name: string, sort: string): "ascending" | "descending" | "none" {
  if (sort === name) return "ascending";
  return sort === `-${name}` ? "descending" : "none";
}

function useVirtualizer(count: number) {
  const scroller = useRef<HTMLDivElement>(null);
  const [, redraw] = useReducer((drawings: number, _: undefined) => drawings + 1, 0);
  const height = useMatch(NARROW) ? TALL_ROW_HEIGHT : ROW_HEIGHT;
  const options = {
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 6,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    onChange: () => redraw(undefined),
  };
  const [virtualizer] = useState(() => new Virtualizer<HTMLDivElement, HTMLDivElement>(options));
  virtualizer.setOptions(options);
  useEffect(() => virtualizer._didMount(), [virtualizer]);
  useLayoutEffect(() => virtualizer._willUpdate());
  useLayoutEffect(() => virtualizer.measure(), [virtualizer, height]);
  return { scroller, virtualizer };
}

function useMatch(query: string): boolean {
  const [matches, setMatches] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const onChange = () => setMatches(list.matches);
    list.addEventListener("change", onChange);
    return () => list.removeEventListener("change", onChange);
  }, [query]);
  return matches;
}
