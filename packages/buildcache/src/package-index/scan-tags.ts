// Reads the specs of packages from their tags, for an index or in place of one.

import type { SpackOciError } from "@spack-oci/errors";
import type { TagLister, Target } from "@spack-oci/oci-client";
import type { SpecGraph, SpecNode } from "@spack-oci/spack-spec";
import { asSpackOciError } from "../failures/failure.js";
import { inspectPackageImage } from "../package-image/read-image.js";
import { isPackageTag } from "../package-image/tags.js";
import type { Run } from "../schedule/run.js";

/** A tag that could not be read; it is reported, and the others are still read. */
export interface SkippedTag {
  readonly tag: string;
  readonly error: SpackOciError;
}

/** The packages behind the tags of a buildcache. */
export interface ScannedTags {
  /** The packages by tag, in the order of the tags. */
  readonly roots: ReadonlyMap<string, SpecNode>;
  /** The packages and all their dependencies. */
  readonly graph: SpecGraph;
  readonly skipped: readonly SkippedTag[];
}

/** All tags that look like packages, sorted. */
export async function packageTags(target: TagLister, signal?: AbortSignal): Promise<string[]> {
  const tags: string[] = [];
  for await (const tag of target.tags({ signal })) if (isPackageTag(tag)) tags.push(tag);
  return tags.sort();
}

/** Reads the spec of each tag; a tag that cannot be read is skipped. A node shared by several specs is kept once. */
export async function scanTags(
  target: Target,
  tags: readonly string[],
  { scheduler, signal }: Pick<Run, "scheduler" | "signal">,
): Promise<ScannedTags> {
  const graph = new Map<string, SpecNode>();
  const read = async (tag: string): Promise<SpecNode | SkippedTag> => {
    try {
      const { document } = await scheduler.request(() => inspectPackageImage(target, tag, signal));
      for (const [hash, node] of document.graph) if (!graph.has(hash)) graph.set(hash, node);
      return document.root;
    } catch (error) {
      signal?.throwIfAborted();
      return { tag, error: asSpackOciError(error) };
    }
  };
  const roots = new Map<string, SpecNode>();
  const skipped: SkippedTag[] = [];
  for (const [at, result] of (await Promise.all(tags.map(read))).entries()) {
    if ("error" in result) skipped.push(result);
    else roots.set(tags[at] ?? "", result);
  }
  return { roots, graph, skipped };
}
