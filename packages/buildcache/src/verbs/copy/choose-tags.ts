// Chooses what to copy: every tag, or the tags of the packages that a request selects, with their dependencies.

import type { SpecNode } from "@spack-oci/spack-spec";
import { choosePackages } from "../../catalog/choose-packages.js";
import { absentAtRunTime, type WantedOptions, wantedPackages } from "../../catalog/package-sets.js";
import type { SpecRequest } from "../../catalog/spec-request.js";
import { INDEX_TAG, packageTag } from "../../package-image/tags.js";
import type { Run } from "../../schedule/run.js";
import type { CopySource } from "./copy-source.js";

/** The tags to copy, and their sources. */
export interface ChosenTags {
  /** The source of each tag, in the order of copying: dependencies first, as far as known. */
  readonly tags: ReadonlyMap<string, CopySource>;
  /** Run-time dependencies that no source has. */
  readonly absent: readonly SpecNode[];
  /** Whether this is everything that the sources have. */
  readonly whole: boolean;
}

/**
 * If several sources have a tag, it is copied from the first. The index is left out, since it is merged.
 *
 * @throws SpackOciError as `choosePackages` does
 */
export async function chooseTags(
  sources: readonly CopySource[],
  request: SpecRequest & WantedOptions,
  run: Run,
): Promise<ChosenTags> {
  const found = firstSources(sources);
  if (request.specs.length === 0 && request.environment === undefined)
    return { tags: found, absent: [], whole: true };
  const mirrors = sources.map(({ mirror }) => mirror);
  const { catalog, roots } = await choosePackages(mirrors, request, run);
  const wanted = wantedPackages(catalog.graph, roots, request);
  const tags = wanted.flatMap((node): [string, CopySource][] => {
    const tag = packageTag(node);
    const source = found.get(tag);
    return source === undefined ? [] : [[tag, source]];
  });
  const absent = absentAtRunTime({ graph: catalog.graph, roots, wanted }, (node) =>
    found.has(packageTag(node)),
  );
  return { tags: new Map(tags), absent, whole: false };
}

function firstSources(sources: readonly CopySource[]): Map<string, CopySource> {
  const found = new Map<string, CopySource>();
  for (const source of sources) {
    for (const tag of source.tags) if (tag !== INDEX_TAG && !found.has(tag)) found.set(tag, source);
  }
  return new Map([...found].sort(([one], [other]) => (one < other ? -1 : 1)));
}
