// Decides which packages go into an image, and how many images there are: one for each platform. Writes nothing.

import { SpackOciError } from "@spack-oci/errors";
import type { Platform } from "@spack-oci/oci-client";
import type { SpecGraph, SpecNode } from "@spack-oci/spack-spec";
import { type ChosenPackages, choosePackages } from "../../catalog/choose-packages.js";
import { findUnlisted } from "../../catalog/find-packages.js";
import { withoutDependents } from "../../catalog/package-sets.js";
import { type SpecPool, selectSpecs, unique } from "../../catalog/select-specs.js";
import type { SpecRequest } from "../../catalog/spec-request.js";
import { describePackage } from "../../events/events.js";
import { imagePackages } from "../../package-image/image-packages.js";
import type { Buildcache, Run } from "../../schedule/run.js";
import { fitsPlatform, formatPlatform, isForMacOS, platformOf } from "./platform.js";

/** An image to make. */
export interface PlannedImage {
  readonly platform: Platform;
  readonly graph: SpecGraph;
  /** The packages that the image is for. */
  readonly roots: readonly SpecNode[];
  /** The packages in it: the roots and their link and run dependencies, leaves first, without externals. */
  readonly packages: readonly SpecNode[];
}

/**
 * One image for each platform; if no platforms are given, for each architecture among the chosen packages.
 *
 * @throws SpackOciError of kind `not-found`: `ERR_PLATFORM_MISSING`, `ERR_PACKAGES_MISSING`, `ERR_IMAGE_EMPTY`; and
 *   as `choosePackages` does
 */
export async function planImages(
  mirror: Buildcache,
  {
    specs,
    environment,
    platforms = [],
  }: SpecRequest & { readonly platforms?: readonly Platform[] | undefined },
  run: Run,
): Promise<PlannedImage[]> {
  const choose = (pool: SpecPool, named: readonly string[]) => chooseFor(platforms, pool, named);
  const chosen = await choosePackages([mirror], { specs, environment, choose }, run);
  const { graph } = chosen.catalog;
  const roots = rootsOf(chosen);
  if (platforms.length === 0) requireLinux(roots);
  const images = (platforms.length > 0 ? platforms : platformsOf(roots)).map((platform) => {
    const fitting = roots.filter((node) => fitsPlatform(node, platform));
    if (fitting.length === 0) throw noPlatform(platform, roots, mirror.name);
    const hashes = fitting.map((node) => node.hash);
    return { platform, graph, roots: fitting, packages: imagePackages(graph, hashes) };
  });
  const packages = unique(images.flatMap((image) => image.packages));
  if (packages.length === 0) throw empty(mirror.name);
  await requireAll(packages, { mirror, catalog: chosen.catalog }, run);
  return images;
}

/** @throws SpackOciError `ERR_IMAGE_OF_MACOS` */
function requireLinux(roots: readonly SpecNode[]): void {
  const [node] = roots.filter(isForMacOS);
  if (node === undefined) return;
  const name = describePackage(node);
  throw new SpackOciError("ERR_IMAGE_OF_MACOS", `${name} is for macOS, and images run on Linux.`, {
    kind: "unsupported",
    place: name,
    hint: "Choose packages for Linux, for example with --platform linux/amd64, and pull those for macOS.",
  });
}

/** The one package that each spec matches, for every platform. */
function chooseFor(
  platforms: readonly Platform[],
  pool: SpecPool,
  specs: readonly string[],
): readonly SpecNode[] {
  if (platforms.length === 0) return selectSpecs(pool, specs);
  return platforms.flatMap((platform) => {
    const candidates = pool.candidates.filter((node) => fitsPlatform(node, platform));
    if (candidates.length === 0) throw noPlatform(platform, pool.candidates, pool.name);
    return selectSpecs({ ...pool, candidates, name: `${pool.name} for ${formatPlatform(platform)}` }, specs);
  });
}

/** If no package is named, everything is requested, and the roots are the packages that no other one depends on. */
function rootsOf({ catalog, roots, named }: ChosenPackages): SpecNode[] {
  const wanted = named ? new Set(roots) : withoutDependents(catalog.graph, new Set(roots));
  return roots.filter((hash) => wanted.has(hash)).flatMap((hash) => catalog.graph.get(hash) ?? []);
}

function platformsOf(roots: readonly SpecNode[]): Platform[] {
  const platforms = roots.map(platformOf);
  return [...new Map(platforms.map((platform) => [formatPlatform(platform), platform])).values()];
}

/** An image without some of its packages would not run. */
async function requireAll(
  packages: readonly SpecNode[],
  { mirror, catalog }: Pick<ChosenPackages, "catalog"> & { readonly mirror: Buildcache },
  run: Run,
): Promise<void> {
  const available = new Set(catalog.packages.map((node) => node.hash));
  const unlisted = packages.filter((node) => !available.has(node.hash));
  const found = catalog.indexed ? await findUnlisted(unlisted, mirror, run) : [];
  const missing = unlisted.filter((node) => !found.includes(node));
  if (missing.length === 0) return;
  const names = missing.map((node) => `  ${describePackage(node)}`).join("\n");
  const count = `${missing.length} of ${packages.length} packages`;
  throw new SpackOciError("ERR_PACKAGES_MISSING", `${count} are not in ${mirror.name}:\n${names}`, {
    kind: "not-found",
    place: mirror.name,
    hint: `Push them, or choose other packages. Run "spack-oci list" to see what exists.`,
  });
}

function noPlatform(platform: Platform, nodes: readonly SpecNode[], poolName: string): SpackOciError {
  const available = platformsOf(nodes).map(formatPlatform).join(", ") || "nothing";
  const text = formatPlatform(platform);
  return new SpackOciError("ERR_PLATFORM_MISSING", `${poolName} has no such package for ${text}.`, {
    kind: "not-found",
    place: text,
    hint: `It has ${available}. The variants of linux/amd64 are v1 to v4.`,
  });
}

function empty(poolName: string): SpackOciError {
  return new SpackOciError("ERR_IMAGE_EMPTY", "The image would be empty.", {
    kind: "not-found",
    place: poolName,
    hint: "Name packages that are not external.",
  });
}
