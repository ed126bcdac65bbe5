// Where each package of a view goes, by the view's projections.

import { posix } from "node:path";
import { formatPath, projectionOf, type SpecGraph, type SpecNode, specOfNode } from "@spack-oci/spack-spec";

/** Computes the directories of packages in views. */
export class ViewPlaces {
  readonly #projections: ReadonlyMap<string, string>;
  readonly #graph: SpecGraph;

  constructor(projections: ReadonlyMap<string, string>, graph: SpecGraph) {
    this.#projections = projections;
    this.#graph = graph;
  }

  /**
   * The directory of a package relative to the view, as formatted; empty if no projection applies (Spack:
   * filesystem_view.py, `get_relative_projection_for_spec`, without extensions of other packages).
   *
   * @throws SpackOciError the errors of constraints and of format strings
   */
  of(node: SpecNode): string {
    if (this.#projections.size === 0) return "";
    const format = projectionOf(this.#projections, specOfNode(this.#graph, node));
    return format === undefined ? "" : formatPath(this.#graph, node, format);
  }

  /** The same, without `.` and `..`. */
  normalized(node: SpecNode): string {
    const path = posix.normalize(this.of(node));
    return path === "." ? "" : path;
  }
}
