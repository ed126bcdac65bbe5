// Finds the packages a user names: in the package index, or else among the tags that it does not list.

import { isSpackOciError } from "@spack-oci/errors";
import type { TagLister } from "@spack-oci/oci-client";
import type { SpecNode } from "@spack-oci/spack-spec";
import { hashInTag, packageTag, tagMayBeOf } from "../package-image/tags.js";
import { packageTags } from "../package-index/scan-tags.js";
import type { Buildcache, Run } from "../schedule/run.js";
import { type Catalog, extendCatalog, mergeCatalogs, readCatalog } from "./catalog.js";
import { type SpecPool, selectSpecs } from "./select-specs.js";

/** The requested packages, and everything known about the buildcaches. */
export interface FoundPackages {
  readonly catalog: Catalog;
  readonly chosen: readonly SpecNode[];
}

/** Which packages to find. */
export interface PackageQuery {
  /** As on a command line; all packages if empty. */
  readonly specs: readonly string[];
  /** Decides what the specs mean; by default each means exactly one package. */
  readonly choose?: ((pool: SpecPool, specs: readonly string[]) => readonly SpecNode[]) | undefined;
  /** Only to describe packages: the index need not be signed. */
  readonly inspect?: boolean | undefined;
}

/**
 * Searches all buildcaches as if they were one. A package index may be outdated, so a package it does not list is
 * found by its tag.
 *
 * @throws SpackOciError as `readCatalog` and `selectSpecs` do; the reason if a requested package exists but cannot be
 *   read
 */
export async function findPackages(
  mirrors: readonly Buildcache[],
  { specs, choose = selectSpecs, inspect }: PackageQuery,
  run: Run,
): Promise<FoundPackages> {
  const name = mirrors.map((mirror) => mirror.name).join(", ");
  const poolOf = ({ graph, packages }: Catalog) => ({ graph, candidates: packages, name });
  const listed = await Promise.all(
    mirrors.map(async (mirror) => ({ mirror, known: await readCatalog(mirror, run, { inspect }) })),
  );
  const merged = mergeCatalogs(listed.map(({ known }) => known));
  try {
    return { catalog: merged, chosen: choose(poolOf(merged), specs) };
  } catch (error) {
    if (!isSpackOciError(error, "not-found")) throw error;
    const named = (tag: string) => specs.some((spec) => tagMayBeOf(tag, spec));
    const extended = listed.map(async ({ mirror, known }) => {
      const tags = known.indexed ? await unlistedTags(known, mirror, run.signal) : [];
      return extendCatalog(known, { target: mirror, tags: tags.filter(named) }, run);
    });
    const catalog = mergeCatalogs(await Promise.all(extended));
    const unreadable = catalog.unreadable.find(({ tag }) => named(tag));
    if (unreadable !== undefined) throw unreadable.error;
    const chosen = choose(poolOf(catalog), specs);
    const unlisted = chosen.filter((node) => !merged.packages.some(({ hash }) => hash === node.hash));
    warn(name, unlisted, run);
    return { catalog, chosen };
  }
}

/** Returns the specs that have a tag although the index does not list them, with a warning. */
export async function findUnlisted(
  nodes: readonly SpecNode[],
  target: Buildcache,
  run: Run,
): Promise<readonly SpecNode[]> {
  if (nodes.length === 0) return [];
  const tags = new Set(await packageTags(target, run.signal));
  const found = nodes.filter((node) => tags.has(packageTag(node)));
  if (found.length > 0) warn(target.name, found, run);
  return found;
}

async function unlistedTags(
  { packages }: Catalog,
  target: TagLister,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const listed = new Set(packages.map((node) => node.hash));
  return (await packageTags(target, signal)).filter((tag) => !listed.has(hashInTag(tag) ?? ""));
}

function warn(name: string, nodes: readonly SpecNode[], { listener }: Run): void {
  const names = nodes.map((node) => node.name).join(", ");
  listener?.({
    type: "warning",
    message: `The package index of ${name} does not list ${names}. Run "spack-oci update-index" to update it.`,
  });
}
