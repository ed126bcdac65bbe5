// Reads the image of a package for a site: manifest, config, and where the package was installed.

import type { Descriptor } from "@spack-oci/oci-client";
import type { SiteFile, SiteImage } from "@spack-oci/site";
import type { SpecNode } from "@spack-oci/spack-spec";
import { decompress, readTar } from "@spack-oci/spack-tarball";
import { inspectImageOf, type PackageImage } from "../../package-image/read-image.js";
import { environmentIn } from "../../package-image/runnable-config.js";
import { readPackageOrigin } from "../../provenance/audit-package.js";
import { type PackagePlace, placeOf } from "../../provenance/package-place.js";
import type { Buildcache } from "../../schedule/run.js";

const AUTHORS = "org.opencontainers.image.authors";
/** How many of the largest files a page lists. */
const LARGEST = 12;

export interface SiteImageOptions {
  /** Whether the whole layer is read for its largest files. */
  readonly files: boolean;
  readonly signal: AbortSignal | undefined;
}

/** @throws SpackOciError as `inspectImageOf` and `readPackageOrigin` do */
export async function readSiteImage(
  mirror: Buildcache,
  node: SpecNode,
  { files, signal }: SiteImageOptions,
): Promise<SiteImage> {
  const image = await inspectImageOf(mirror, node, signal);
  const { layers, config, fetched } = image;
  const { digest, size, mediaType } = image.layer.descriptor;
  const { origin } = await readPackageOrigin(image.layer.descriptor, node, {
    target: mirror,
    deep: false,
    signal,
  });
  const place = placeOf(origin, node);
  return {
    manifest: fetched.descriptor.digest,
    layer: { digest, size, mediaType },
    layers: { count: layers.length, size: layers.reduce((sum, each) => sum + each.size, 0) },
    packed: config.packedAt?.toISOString() ?? null,
    authors: authorsOf(image),
    spackVersion: origin.spackVersion ?? null,
    place: place === undefined ? null : sitePlace(place),
    environment: environmentIn(config.json),
    referrers: [],
    ...(files ? { largestFiles: await largestFiles(mirror, image.layer.descriptor, { place, signal }) } : {}),
  };
}

function sitePlace({ prefix, root, unpaddedRoot, paddedLength }: PackagePlace): SiteImage["place"] {
  return { prefix, root, unpaddedRoot, paddedLength: paddedLength ?? null };
}

function authorsOf({ fetched, config }: PackageImage): string | null {
  const author = config.json.get("author");
  return fetched.manifest.annotations?.[AUTHORS] ?? (typeof author === "string" ? author : null);
}

/** Reads the whole layer; only the largest files so far are kept. */
async function largestFiles(
  mirror: Buildcache,
  layer: Descriptor,
  { place, signal }: { readonly place: PackagePlace | undefined; readonly signal: AbortSignal | undefined },
): Promise<readonly SiteFile[]> {
  const start = place === undefined ? "" : `${place.prefix.slice(1)}/`;
  let largest: SiteFile[] = [];
  for await (const { header } of readTar(decompress(await mirror.fetch(layer, { signal })))) {
    const { name, type, size } = header;
    if (type !== "file" || size <= (largest[LARGEST - 1]?.size ?? 0)) continue;
    const path = name.startsWith(start) ? name.slice(start.length) : `/${name}`;
    largest = [...largest, { path, size }].sort((one, other) => other.size - one.size).slice(0, LARGEST);
  }
  return largest;
}
