// Finds the packages that a user names: in the index, and where that does not know them, among the tags.

import { isSpackOciError } from "@spack-oci/errors";
import type { TagLister, Target } from "@spack-oci/oci-client";
import type { SpecNode } from "@spack-oci/spack-spec";
import { hashInTag, packageTag, tagMayBeOf } from "../package-image/tags.js";
import { packageTags } from "../package-index/scan-tags.js";
import type { Scheduler } from "../schedule/scheduler.js";
import {
  type Catalogue,
  type CatalogueOptions,
  extendCatalogue,
  mergeCatalogues,
  readCatalogue,
} from "./catalog.js";
import { type SpecPool, selectSpecs } from "./select-specs.js";

/** What the arguments name, and everything that is known of the buildcache. */
export interface FoundPackages {
  readonly catalogue: Catalogue;
  readonly chosen: readonly SpecNode[];
}

export interface FindOptions extends CatalogueOptions {
  /** Decides what the specs mean; each means one package by default. */
  readonly choose?: ((pool: SpecPool, specs: readonly string[]) => readonly SpecNode[]) | undefined;
}

/**
 * Looks in all of the buildcaches as if they were one. An index is only as new as the last who wrote it: a package that was pushed since is found by its tag.
 *
 * @throws SpackOciError as `readCatalogue` and `selectSpecs` do; where a named package is there and cannot be read, why
 */
export async function findPackages(
  mirrors: readonly (Target & TagLister)[],
  scheduler: Scheduler,
  specs: readonly string[],
  options: FindOptions,
): Promise<FoundPackages> {
  const { choose = selectSpecs } = options;
  const name = mirrors.map((mirror) => mirror.name).join(", ");
  const poolOf = ({ graph, packages }: Catalogue) => ({ graph, candidates: packages, name });
  const listed = await Promise.all(
    mirrors.map(async (mirror) => ({ mirror, known: await readCatalogue(mirror, scheduler, options) })),
  );
  const merged = mergeCatalogues(listed.map(({ known }) => known));
  try {
    return { catalogue: merged, chosen: choose(poolOf(merged), specs) };
  } catch (error) {
    if (!isSpackOciError(error, "not-found")) throw error;
    const named = (tag: string) => specs.some((spec) => tagMayBeOf(tag, spec));
    const extended = listed.map(async ({ mirror, known }) => {
      const tags = known.indexed ? await unlistedTags(known, mirror, options.signal) : [];
      return extendCatalogue(known, mirror, scheduler, tags.filter(named), options);
    });
    const catalogue = mergeCatalogues(await Promise.all(extended));
    const unreadable = catalogue.unreadable.find(({ tag }) => named(tag));
    if (unreadable !== undefined) throw unreadable.error;
    const chosen = choose(poolOf(catalogue), specs);
    const unlisted = chosen.filter((node) => !merged.packages.some(({ hash }) => hash === node.hash));
    warn(name, unlisted, options);
    return { catalogue, chosen };
  }
}

/** Which of the specs have a tag although the index does not list them. */
export async function unlistedAmong(
  nodes: readonly SpecNode[],
  target: Target & TagLister,
  options: CatalogueOptions,
): Promise<readonly SpecNode[]> {
  if (nodes.length === 0) return [];
  const tags = new Set(await packageTags(target, options.signal));
  const found = nodes.filter((node) => tags.has(packageTag(node)));
  if (found.length > 0) warn(target.name, found, options);
  return found;
}

async function unlistedTags(
  { packages }: Catalogue,
  target: TagLister,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const listed = new Set(packages.map((node) => node.hash));
  return (await packageTags(target, signal)).filter((tag) => !listed.has(hashInTag(tag) ?? ""));
}

function warn(name: string, nodes: readonly SpecNode[], { listener }: CatalogueOptions): void {
  const names = nodes.map((node) => node.name).join(", ");
  listener?.({
    type: "warning",
    message: `The index of ${name} does not list ${names}; "spack-oci update-index" brings it up to date.`,
  });
}
