// Chooses what is copied: every tag, or those of the packages that a request names, with what they need.

import {
  ALL_DEPENDENCY_TYPES,
  postOrder,
  runtimeClosure,
  type SpecGraph,
  type SpecNode,
} from "@spack-oci/spack-spec";
import { indexTag, packageTag } from "../protocol/tags.js";
import { choosePackages } from "../pull/choose-packages.js";
import type { Scheduler } from "../schedule/scheduler.js";
import type { SpecRequest } from "../select/spec-request.js";
import type { CopyMirrorOptions } from "./copy-options.js";
import type { CopySource } from "./copy-source.js";

/** What is copied, and from where. */
export interface ChosenTags {
  /** The source of each tag, in the order of copying: what a package needs comes before it, where that is known. */
  readonly tags: ReadonlyMap<string, CopySource>;
  /** What the packages run with and no source has. */
  readonly absent: readonly SpecNode[];
  /** Whether this is all that the sources have. */
  readonly whole: boolean;
}

/**
 * Of several sources, the first that has a tag is the one that it is copied from. The index is no such tag: it is merged.
 *
 * @throws SpackOciError as `choosePackages` does
 */
export async function chooseTags(
  sources: readonly CopySource[],
  scheduler: Scheduler,
  request: SpecRequest,
  options: CopyMirrorOptions,
): Promise<ChosenTags> {
  const found = firstSources(sources);
  if (request.specs.length === 0 && request.environment === undefined)
    return { tags: found, absent: [], whole: true };
  const mirrors = sources.map(({ mirror }) => mirror);
  const { catalogue, roots } = await choosePackages(mirrors, scheduler, request, options);
  const wanted = wantedPackages(catalogue.graph, roots, options);
  const tags = wanted.flatMap((node): [string, CopySource][] => {
    const tag = packageTag(node);
    const source = found.get(tag);
    return source === undefined ? [] : [[tag, source]];
  });
  const absent = absentAtRunTime(catalogue.graph, roots, wanted, (node) => found.has(packageTag(node)));
  return { tags: new Map(tags), absent, whole: false };
}

function firstSources(sources: readonly CopySource[]): Map<string, CopySource> {
  const found = new Map<string, CopySource>();
  for (const source of sources) {
    for (const tag of source.tags) if (tag !== indexTag && !found.has(tag)) found.set(tag, source);
  }
  return new Map([...found].sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** Dependencies before dependents, externals left out. */
export function wantedPackages(
  graph: SpecGraph,
  roots: readonly string[],
  { only, withBuildDependencies = true }: CopyMirrorOptions,
): readonly SpecNode[] {
  const isRoot = new Set(roots);
  const isAsked = ({ hash }: SpecNode) => only === undefined || isRoot.has(hash) === (only === "package");
  const deptypes = withBuildDependencies ? ALL_DEPENDENCY_TYPES : (["link", "run"] as const);
  return postOrder(graph, roots, { deptypes }).filter((node) => node.external === undefined && isAsked(node));
}

/** What the roots run with and no source has; a build dependency may be missing. */
export function absentAtRunTime(
  graph: SpecGraph,
  roots: readonly string[],
  wanted: readonly SpecNode[],
  isAvailable: (node: SpecNode) => boolean,
): readonly SpecNode[] {
  const runtime = new Set(runtimeClosure(graph, roots).map(({ hash }) => hash));
  return wanted.filter((node) => runtime.has(node.hash) && !isAvailable(node));
}
