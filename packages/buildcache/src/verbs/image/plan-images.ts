// Decides which packages go into an image, and how many images there are: one for each platform. Nothing is written.

import { SpackOciError } from "@spack-oci/errors";
import type { Platform, TagLister, Target } from "@spack-oci/oci-client";
import type { SpecGraph, SpecNode } from "@spack-oci/spack-spec";
import type { CatalogueOptions } from "../../catalog/catalog.js";
import { type ChosenPackages, choosePackages } from "../../catalog/choose-packages.js";
import { unlistedAmong } from "../../catalog/find-packages.js";
import { withoutDependents } from "../../catalog/package-sets.js";
import { type SpecPool, selectSpecs, unique } from "../../catalog/select-specs.js";
import type { SpecRequest } from "../../catalog/spec-request.js";
import { describePackage } from "../../events/events.js";
import { imagePackages } from "../../package-image/image-packages.js";
import type { Scheduler } from "../../schedule/scheduler.js";
import { formatPlatform, isFor, platformOf } from "./platform.js";

/** One image that is to be made. */
export interface PlannedImage {
  readonly platform: Platform;
  readonly graph: SpecGraph;
  /** What the image is for. */
  readonly roots: readonly SpecNode[];
  /** What is in it: the roots and what they link and run with, leaves first, without externals. */
  readonly packages: readonly SpecNode[];
}

/**
 * One image for each of the platforms; without any, for each architecture among the packages that were chosen.
 *
 * @throws SpackOciError of kind `not-found`: `ERR_PLATFORM_MISSING`, `ERR_PACKAGES_MISSING`, `ERR_IMAGE_EMPTY`; and as
 *   `choosePackages` does
 */
export async function planImages(
  target: Target & TagLister,
  scheduler: Scheduler,
  request: SpecRequest,
  platforms: readonly Platform[],
  options: CatalogueOptions,
): Promise<PlannedImage[]> {
  const choose = (pool: SpecPool, specs: readonly string[]) => chooseFor(platforms, pool, specs);
  const chosen = await choosePackages([target], scheduler, request, { ...options, choose });
  const { graph } = chosen.catalogue;
  const roots = rootsOf(chosen);
  const images = (platforms.length > 0 ? platforms : platformsOf(roots)).map((platform) => {
    const fitting = roots.filter((node) => isFor(node, platform));
    if (fitting.length === 0) throw noPlatform(platform, roots, target.name);
    const hashes = fitting.map((node) => node.hash);
    return { platform, graph, roots: fitting, packages: imagePackages(graph, hashes) };
  });
  const packages = unique(images.flatMap((image) => image.packages));
  if (packages.length === 0) throw empty(target.name);
  await requireAll(packages, chosen, target, options);
  return images;
}

/** The one package that each spec means, for every platform. */
function chooseFor(
  platforms: readonly Platform[],
  pool: SpecPool,
  specs: readonly string[],
): readonly SpecNode[] {
  if (platforms.length === 0) return selectSpecs(pool, specs);
  return platforms.flatMap((platform) => {
    const candidates = pool.candidates.filter((node) => isFor(node, platform));
    if (candidates.length === 0) throw noPlatform(platform, pool.candidates, pool.name);
    return selectSpecs({ ...pool, candidates, name: `${pool.name} for ${formatPlatform(platform)}` }, specs);
  });
}

/** Without names everything is asked for, and an image is for what nothing else of it needs. */
function rootsOf({ catalogue, roots, named }: ChosenPackages): SpecNode[] {
  const asked = named ? new Set(roots) : withoutDependents(catalogue.graph, new Set(roots));
  return roots.filter((hash) => asked.has(hash)).flatMap((hash) => catalogue.graph.get(hash) ?? []);
}

function platformsOf(roots: readonly SpecNode[]): Platform[] {
  const platforms = roots.map(platformOf);
  return [...new Map(platforms.map((platform) => [formatPlatform(platform), platform])).values()];
}

/** An image without some of its packages would not run. */
async function requireAll(
  packages: readonly SpecNode[],
  { catalogue }: ChosenPackages,
  target: Target & TagLister,
  options: CatalogueOptions,
): Promise<void> {
  const available = new Set(catalogue.packages.map((node) => node.hash));
  const unlisted = packages.filter((node) => !available.has(node.hash));
  const found = catalogue.indexed ? await unlistedAmong(unlisted, target, options) : [];
  const missing = unlisted.filter((node) => !found.includes(node));
  if (missing.length === 0) return;
  const names = missing.map((node) => `  ${describePackage(node)}`).join("\n");
  const count = `${missing.length} of ${packages.length} packages`;
  throw new SpackOciError("ERR_PACKAGES_MISSING", `${count} are not in ${target.name}:\n${names}`, {
    kind: "not-found",
    place: target.name,
    hint: `Push them, or choose other packages; "spack-oci list" tells what is there.`,
  });
}

function noPlatform(platform: Platform, nodes: readonly SpecNode[], where: string): SpackOciError {
  const there = platformsOf(nodes).map(formatPlatform).join(", ") || "nothing";
  const text = formatPlatform(platform);
  return new SpackOciError("ERR_PLATFORM_MISSING", `${where} has no such package for ${text}.`, {
    kind: "not-found",
    place: text,
    hint: `It has ${there}. The variants of linux/amd64 are v1 to v4.`,
  });
}

function empty(where: string): SpackOciError {
  return new SpackOciError("ERR_IMAGE_EMPTY", "Nothing would be in the image.", {
    kind: "not-found",
    place: where,
    hint: "Name packages that are not external.",
  });
}
