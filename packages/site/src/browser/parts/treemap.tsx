// Rectangles whose areas are sizes.

import { hierarchy, treemap, treemapSquarify } from "d3-hierarchy";
import { useMemo } from "preact/hooks";
import { visibleText } from "../../text/visible-text.js";
import { countText, sizeText } from "../model/labels.js";
import type { SpaceItem } from "../model/space.js";

/** Smaller ones share a rectangle: they could not be seen. */
const MAX_RECTANGLES = 2000;
const MIN_LABEL_WIDTH = 44;
const MIN_LABEL_HEIGHT = 18;
const CHARACTER_WIDTH = 7;

interface TreemapProps {
  /** The largest first. */
  readonly items: readonly SpaceItem[];
  /** In pixels. */
  readonly width: number;
}

interface Part extends Partial<SpaceItem> {
  readonly label: string;
  readonly size: number;
  readonly children?: readonly Part[];
}

export function Treemap({ items, width }: TreemapProps) {
  const height = Math.round(Math.min(620, Math.max(320, width * 0.56)));
  const parts = useMemo(() => place(items, width, height), [items, width, height]);
  return (
    // biome-ignore lint/a11y/useSemanticElements: it groups links in a drawing.
    <svg class="treemap" width={width} height={height} role="group" aria-label="Treemap of sizes">
      {parts.map(({ data, x0, y0, x1, y1 }) => (
        <Rectangle
          key={data.href ?? "rest"}
          data={data}
          box={{ x: x0, y: y0, width: x1 - x0, height: y1 - y0 }}
        />
      ))}
    </svg>
  );
}

function place(items: readonly SpaceItem[], width: number, height: number) {
  const shown = items.slice(0, MAX_RECTANGLES);
  const rest = items.slice(MAX_RECTANGLES);
  const size = rest.reduce((sum, each) => sum + each.size, 0);
  const others: Part[] = rest.length === 0 ? [] : [{ label: `${countText(rest.length)} others`, size }];
  const root = hierarchy<Part>({ label: "", size: 0, children: [...shown, ...others] }).sum(
    (part) => part.size,
  );
  return treemap<Part>()
    .tile(treemapSquarify)
    .size([width, height])
    .paddingInner(1)
    .round(true)(root)
    .leaves();
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function Rectangle({ data, box: { x, y, width, height } }: { readonly data: Part; readonly box: Box }) {
  const title = `${visibleText(data.label, 120)}: ${sizeText(data.size)}`;
  const hasLabel = width >= MIN_LABEL_WIDTH && height >= MIN_LABEL_HEIGHT;
  const content = (
    <>
      <title>{title}</title>
      <rect
        x={x}
        y={y}
        width={width}
        height={height}
        class={data.color === undefined ? "rest" : `color-${data.color}`}
      />
      {hasLabel && (
        <text x={x + 6} y={y + 14}>
          {clipped(visibleText(data.label, 120), width)}
        </text>
      )}
      {hasLabel && height >= 2 * MIN_LABEL_HEIGHT && (
        <text x={x + 6} y={y + 29} class="size">
          {clipped(sizeText(data.size), width)}
        </text>
      )}
    </>
  );
  return data.href === undefined ? <g>{content}</g> : <a href={data.href}>{content}</a>;
}

function clipped(text: string, width: number): string {
  const characters = Math.floor((width - 10) / CHARACTER_WIDTH);
  return text.length > characters ? `${text.slice(0, Math.max(0, characters - 1))}…` : text;
}
