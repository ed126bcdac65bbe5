// A drawing of specs and their dependencies, in which each spec is a link.

import { useLayoutEffect, useRef } from "preact/hooks";
import type { Drawing, DrawnNode } from "../model/neighborhood.js";
import { addressOf } from "../model/route.js";
import { useSite } from "../model/site-model.js";

export function GraphDrawing({ drawing, center }: { readonly drawing: Drawing; readonly center: number }) {
  const { box, nodes, edges } = drawing;
  const section = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    const node = nodes.find(({ row }) => row === center);
    // A drawing that is larger than the screen starts with what it is about.
    if (node !== undefined) scrollToMiddle(section.current, node.x - box.x, node.y - box.y);
  }, [box, nodes, center]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard.
    <section class="graph" aria-label="Graph of dependencies" tabIndex={0} ref={section}>
      {/* biome-ignore lint/a11y/useSemanticElements: it groups links in a drawing. */}
      <svg
        width={box.width}
        height={box.height}
        viewBox={`${box.x} ${box.y} ${box.width} ${box.height}`}
        role="group"
        aria-label="Specs"
      >
        <defs>
          <marker
            id="arrow"
            viewBox="0 0 8 8"
            refX="8"
            refY="4"
            markerWidth="7"
            markerHeight="7"
            orient="auto"
          >
            <path d="M0 0L8 4L0 8z" class="arrow" />
          </marker>
        </defs>
        {edges.map(({ points, isRuntime }, at) => (
          <path
            key={at}
            class={isRuntime ? "edge" : "edge build"}
            d={pathOf(points)}
            marker-end="url(#arrow)"
          />
        ))}
        {nodes.map((node) => (
          <Node key={node.row} node={node} isCenter={node.row === center} />
        ))}
      </svg>
    </section>
  );
}

function Node({ node, isCenter }: { readonly node: DrawnNode; readonly isCenter: boolean }) {
  const { table, labels } = useSite();
  const { row, label, x, y, width, height } = node;
  const kind = isCenter ? "center" : row < table.packages ? "package" : "other";
  return (
    <a href={addressOf({ view: "graph", hash: labels.hash(row) })} class={`node ${kind}`}>
      <title>{`${labels.title(row)} /${labels.hash(row).slice(0, 7)}`}</title>
      <rect x={x - width / 2} y={y - height / 2} width={width} height={height} rx="4" />
      <text x={x} y={y} text-anchor="middle" dominant-baseline="central">
        {label}
      </text>
    </a>
  );
}

function scrollToMiddle(element: HTMLElement | null, x: number, y: number): void {
  element?.scrollTo(x - element.clientWidth / 2, y - element.clientHeight / 2);
}

/** A curve through the points of an edge. */
function pathOf(points: readonly { x: number; y: number }[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return "";
  let path = `M${first.x} ${first.y}`;
  for (const [at, point] of rest.entries()) {
    const next = rest[at + 1];
    if (next === undefined) path += `L${point.x} ${point.y}`;
    else path += `Q${point.x} ${point.y} ${(point.x + next.x) / 2} ${(point.y + next.y) / 2}`;
  }
  return path;
}
