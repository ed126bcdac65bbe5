// Decides what is copied from or to a Spack v3 mirror. Pure: it reads and writes nothing.

import type { SpecNode } from "@spack-oci/spack-spec";
import { absentAtRunTime, wantedPackages } from "../../catalog/package-sets.js";
import { selectSpecs } from "../../catalog/select-specs.js";
import type { SpecRequest } from "../../catalog/spec-request.js";
import type { MirrorContents } from "../../sources/v3-mirror/read-mirror.js";
import type { UrlCopyOptions, UrlCopyPlan } from "./url-copy.js";

/**
 * DAG hashes of the packages that a request means.
 *
 * @param name names the mirror in errors
 * @throws SpackOciError `ERR_SPEC_NOT_FOUND`, `ERR_SPEC_AMBIGUOUS`, and the errors of spec strings
 */
export function chooseRoots(
  { graph, packages }: MirrorContents,
  name: string,
  { specs, environment }: SpecRequest,
): readonly string[] {
  const candidates = packages.filter((node) => environment === undefined || environment.graph.has(node.hash));
  return selectSpecs({ graph, candidates, name }, specs).map((node) => node.hash);
}

/** @param isThere whether the destination has a package */
export function planUrlCopy(
  { graph, packages }: MirrorContents,
  roots: readonly string[],
  options: UrlCopyOptions,
  isThere: (node: SpecNode) => boolean,
): UrlCopyPlan {
  const available = new Set(packages.map((node) => node.hash));
  const isAvailable = ({ hash }: SpecNode) => available.has(hash);
  const wanted = wantedPackages(graph, roots, options);
  const found = wanted.filter(isAvailable);
  return {
    todo: found.filter((node) => !isThere(node)),
    present: found.filter(isThere),
    absent: absentAtRunTime(graph, roots, wanted, isAvailable),
  };
}
