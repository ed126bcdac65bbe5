// Reads a package's image: its manifest, its config, and the layer with the package itself.

import { SpackOciError } from "@spack-oci/errors";
import {
  type Descriptor,
  type FetchedManifest,
  fetchBytes,
  fetchManifest,
  type ImageManifest,
  isImageIndex,
  type Target,
} from "@spack-oci/oci-client";
import type { SpecDocument, SpecNode } from "@spack-oci/spack-spec";
import { MAX_CONFIG_SIZE } from "../failures/content-limits.js";
import type { VerifiedTarget } from "../trust/image-verifier.js";
import { type ImageConfig, parseImageConfig } from "./image-config.js";
import type { PackageLayer } from "./package-layer.js";
import { plainDiffId } from "./plain-config.js";
import { requireConsistent } from "./require-consistent.js";
import { requireHash } from "./require-spec.js";
import { packageTag } from "./tags.js";

/** A package in a buildcache. */
export interface PackageImage {
  readonly tag: string;
  readonly document: SpecDocument;
  readonly layers: readonly Descriptor[];
  /** The package's own layer, which is the last; older Spacks read nothing else either. */
  readonly layer: PackageLayer;
  readonly config: ImageConfig;
  /** As it is in the buildcache. */
  readonly fetched: FetchedImage;
}

/** The manifest of an image, with its bytes. */
interface FetchedImage extends FetchedManifest {
  readonly manifest: ImageManifest;
}

/** The manifest of a package's image. */
export interface PackageManifest {
  readonly tag: string;
  readonly fetched: FetchedImage;
  /** The package's own layer. */
  readonly layer: Descriptor;
}

/**
 * Reads the image of one package, to use it.
 *
 * @throws SpackOciError `ERR_WRONG_PACKAGE` (`corrupt`) if its tag is on another package's image: a tag has at most 128
 *   characters, so two packages with very long names could share one; and as `readPackageImage` does
 */
export async function readImageOf(
  target: VerifiedTarget,
  node: SpecNode,
  signal?: AbortSignal,
): Promise<PackageImage> {
  const manifest = await readPackageManifest(target, packageTag(node), signal);
  return completeImageOf(target, node, { manifest, signal });
}

/** The same, if its manifest has been read before. */
async function completeImageOf(
  target: Target,
  node: SpecNode,
  { manifest, signal }: { readonly manifest: PackageManifest; readonly signal?: AbortSignal | undefined },
): Promise<PackageImage> {
  const image = await completeImage(target, manifest, signal);
  requireOwn(target, image, node);
  return image;
}

function requireOwn(target: Target, { document, tag }: PackageImage, { hash }: SpecNode): void {
  requireHash(document.root, { hash, place: `${target.name}:${tag}` });
}

/**
 * Reads the config of a package's image for no more than the layer.
 *
 * @throws SpackOciError as `completeImageOf` does
 */
export async function readLayerOf(
  target: Target,
  node: SpecNode,
  { manifest, signal }: { readonly manifest: PackageManifest; readonly signal?: AbortSignal | undefined },
): Promise<PackageLayer> {
  const text = await fetchConfig(target, manifest, signal);
  const { layer: descriptor, fetched } = manifest;
  const diffId = plainDiffId(text, node, { layers: fetched.manifest.layers, layer: descriptor });
  if (diffId !== undefined) return { descriptor, diffId };
  const image = await imageWith(text, manifest, { target, signal });
  requireOwn(target, image, node);
  return image.layer;
}

/** The same, to describe it: it need not be signed. */
export async function inspectImageOf(
  target: Target,
  node: SpecNode,
  signal?: AbortSignal,
): Promise<PackageImage> {
  const manifest = await inspectPackageManifest(target, packageTag(node), signal);
  return completeImageOf(target, node, { manifest, signal });
}

/**
 * Reads the image under a package's tag, to use it. Its parts agree with one another and with the tag, and its spec has
 * the DAG hash that it claims; the content of its layers is not read.
 *
 * @throws SpackOciError of kind `not-found` if there is no such tag, `unsupported` if it is not a package, `untrusted`
 *   if it lacks a signature that the target demands, as `requireConsistent` does, and the target's own errors
 */
export async function readPackageImage(
  target: VerifiedTarget,
  tag: string,
  signal?: AbortSignal,
): Promise<PackageImage> {
  return completeImage(target, await readPackageManifest(target, tag, signal), signal);
}

/** The same, to describe it: it need not be signed. */
export async function inspectPackageImage(
  target: Target,
  tag: string,
  signal?: AbortSignal,
): Promise<PackageImage> {
  return completeImage(target, await inspectPackageManifest(target, tag, signal), signal);
}

async function completeImage(
  target: Target,
  manifest: PackageManifest,
  signal: AbortSignal | undefined,
): Promise<PackageImage> {
  return imageWith(await fetchConfig(target, manifest, signal), manifest, { target, signal });
}

async function fetchConfig(
  target: Target,
  { fetched: { manifest } }: PackageManifest,
  signal: AbortSignal | undefined,
): Promise<string> {
  const bytes = await fetchBytes(target, manifest.config, { limit: MAX_CONFIG_SIZE, signal });
  return bytes.toString("utf8");
}

/** @param text of its config */
async function imageWith(
  text: string,
  { tag, fetched, layer: descriptor }: PackageManifest,
  { target, signal }: { readonly target: Target; readonly signal: AbortSignal | undefined },
): Promise<PackageImage> {
  const { manifest } = fetched;
  const config = parseImageConfig(text, `${target.name}:${tag}`);
  await requireConsistent(target, { tag, layers: manifest.layers, layer: descriptor }, { config, signal });
  const diffId = config.diffIds.at(-1) ?? "";
  const layer = { descriptor, diffId };
  return { tag, document: config.document, layers: manifest.layers, layer, config, fetched };
}

/**
 * Reads the manifest of a package's image, to use the image: its signature is verified first, if the target demands
 * one.
 *
 * @throws SpackOciError as `inspectPackageManifest` and `ImageVerifier.verify` do
 */
async function readPackageManifest(
  target: VerifiedTarget,
  tag: string,
  signal?: AbortSignal,
): Promise<PackageManifest> {
  const manifest = await inspectPackageManifest(target, tag, signal);
  await verifyManifest(target, manifest, signal);
  return manifest;
}

/** @throws SpackOciError as `ImageVerifier.verify` does, if the target demands a signature */
export async function verifyManifest(
  target: VerifiedTarget,
  { tag, fetched: { bytes } }: PackageManifest,
  signal?: AbortSignal,
): Promise<void> {
  await target.verifier?.verify(target, { tag, bytes }, signal);
}

/**
 * Reads the manifest of a package's image, and finds the package's own layer.
 *
 * @throws SpackOciError `ERR_NOT_A_PACKAGE` (`unsupported`), and the target's own errors
 */
export async function inspectPackageManifest(
  target: Target,
  tag: string,
  signal?: AbortSignal,
): Promise<PackageManifest> {
  const fetched = await fetchManifest(target, tag, { signal });
  const { manifest } = fetched;
  const layer = isImageIndex(manifest) ? undefined : manifest.layers.at(-1);
  if (!isImageIndex(manifest) && layer !== undefined)
    return { tag, fetched: { ...fetched, manifest }, layer };
  const place = `${target.name}:${tag}`;
  throw new SpackOciError("ERR_NOT_A_PACKAGE", `${place} is not a Spack package.`, {
    kind: "unsupported",
    place,
    hint: "Spack writes plain image manifests with at least one layer: something else was pushed to a package's tag.",
  });
}
