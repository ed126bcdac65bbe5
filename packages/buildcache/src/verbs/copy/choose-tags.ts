// Chooses what is copied: every tag, or those of the packages that a request names, with what they need.

import type { SpecNode } from "@spack-oci/spack-spec";
import { choosePackages } from "../../catalog/choose-packages.js";
import { absentAtRunTime, type WantedOptions, wantedPackages } from "../../catalog/package-sets.js";
import type { SpecRequest } from "../../catalog/spec-request.js";
import { INDEX_TAG, packageTag } from "../../package-image/tags.js";
import type { Run } from "../../schedule/run.js";
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
