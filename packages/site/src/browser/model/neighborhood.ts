// Chooses the specs around one of them, and places them in layers.

import { Graph, layout } from "@dagrejs/dagre";
import { dependenciesOf, dependentsOf, isRuntime, type Neighbor } from "./graph-walks.js";
import type { SiteModel } from "./site-model.js";

/** A drawing with more cannot be read. */
const MAX_NODES = 70;
/** A few of many dependents show that there are some. */
const MAX_DEPENDENTS = 10;
const NODE_HEIGHT = 26;
const CHARACTER_WIDTH = 7.3;
const MAX_LABEL = 32;
const MARGIN = 8;

export interface DrawnNode {
  readonly row: number;
  readonly label: string;
  /** The middle. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Drawing {
  /** What there is to see, in the coordinates of nodes and edges. */
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  readonly nodes: readonly DrawnNode[];
  readonly edges: readonly {
    readonly points: readonly { x: number; y: number }[];
    readonly isRuntime: boolean;
  }[];
  /** How many neighbors were left out. */
  readonly left: number;
}

export interface NeighborhoodOptions {
  /** How many steps towards dependencies. */
  readonly depth: number;
  /** Whether dependencies that only the build needs are drawn. */
  readonly withBuild: boolean;
}

export function drawNeighborhood(
  { table, labels }: Pick<SiteModel, "table" | "labels">,
  center: number,
  { depth, withBuild }: NeighborhoodOptions,
): Drawing {
  const graph = new Graph({ multigraph: false });
  graph.setGraph({ rankdir: "LR", nodesep: 10, ranksep: 46, marginx: 8, marginy: 8 });
  graph.setDefaultEdgeLabel(() => ({}));
  let left = 0;
  const add = (row: number): boolean => {
    if (graph.hasNode(String(row))) return true;
    if (graph.nodeCount() >= MAX_NODES) {
      left += 1;
      return false;
    }
    const title = labels.title(row);
    const label = title.length > MAX_LABEL ? `${title.slice(0, MAX_LABEL - 1)}…` : title;
    graph.setNode(String(row), {
      row,
      label,
      width: label.length * CHARACTER_WIDTH + 18,
      height: NODE_HEIGHT,
    });
    return true;
  };
  const connect = (from: number, to: number, neighbor: Neighbor) => {
    if (from !== to) graph.setEdge(String(from), String(to), { isRuntime: isRuntime(neighbor) });
  };
  const isWanted = (neighbor: Neighbor) => withBuild || isRuntime(neighbor);
  add(center);
  const dependents = dependentsOf(table, center).filter(isWanted);
  left += Math.max(0, dependents.length - MAX_DEPENDENTS);
  for (const each of dependents.slice(0, MAX_DEPENDENTS)) if (add(each.row)) connect(each.row, center, each);
  let rows = [center];
  const seen = new Set(rows);
  for (let step = 0; step < depth; step += 1) {
    const next: number[] = [];
    for (const row of rows)
      for (const each of dependenciesOf(table, row).filter(isWanted)) {
        if (!add(each.row)) continue;
        connect(row, each.row, each);
        if (!seen.has(each.row)) next.push(each.row);
        seen.add(each.row);
      }
    rows = next;
  }
  layout(graph);
  return { ...readDrawing(graph), left };
}

/** The layout counts neither the curves of edges nor what they need around them. */
function readDrawing(graph: Graph): Omit<Drawing, "left"> {
  const nodes = (graph.nodes() as string[]).map((name) => graph.node(name) as unknown as DrawnNode);
  const edges = (graph.edges() as { v: string; w: string }[]).map(
    (edge) => graph.edge(edge) as unknown as Drawing["edges"][number],
  );
  const points = edges.flatMap((edge) => edge.points);
  const spans = (key: "x" | "y", extent: "width" | "height") => [
    ...nodes.flatMap((node) => [node[key] - node[extent] / 2, node[key] + node[extent] / 2]),
    ...points.map((point) => point[key]),
  ];
  const [horizontal, vertical] = [spans("x", "width"), spans("y", "height")];
  const left = Math.min(...horizontal) - MARGIN;
  const top = Math.min(...vertical) - MARGIN;
  const box = {
    x: left,
    y: top,
    width: Math.max(...horizontal) + MARGIN - left,
    height: Math.max(...vertical) + MARGIN - top,
  };
  return { box, nodes, edges };
}
