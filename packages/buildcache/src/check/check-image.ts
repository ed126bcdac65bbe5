// Checks what is under one tag: a package, or any other image, and everything that it refers to.

import {
  childrenOf,
  type Descriptor,
  type FetchedManifest,
  fetchBytes,
  fetchManifest,
  type ImageManifest,
  isDistributable,
  isImageIndex,
  isManifestType,
  MAX_FETCHED_MANIFEST_SIZE,
  type Manifest,
  parseManifest,
  type Target,
} from "@spack-oci/oci-client";
import type { SpecDocument } from "@spack-oci/spack-store";
import { asSpackOciError } from "../failure.js";
import { type ImageConfig, parseImageConfig } from "../protocol/image-config.js";
import { largestConfig } from "../protocol/read-image.js";
import { isPackageTag, packageTag } from "../protocol/tags.js";
import type { Scheduler } from "../schedule/scheduler.js";
import { wrongHashes } from "./check-hashes.js";
import type { ContentCheck } from "./content-check.js";
import { findingOf } from "./error-finding.js";
import { type Finding, type FindingKind, finding } from "./finding.js";

export interface ImageCheckContext {
  readonly target: Target;
  readonly scheduler: Scheduler;
  readonly content: ContentCheck;
  readonly deep: boolean;
  readonly report: (finding: Finding) => void;
  readonly signal?: AbortSignal | undefined;
}

/** @returns the spec of a package; undefined for what is none, or cannot be read */
export async function checkTag(tag: string, context: ImageCheckContext): Promise<SpecDocument | undefined> {
  const { target, scheduler, signal } = context;
  const image = await attempt(tag, "tag-gone", context, () =>
    scheduler.light(() => fetchManifest(target, tag, { signal })),
  );
  if (image === undefined) return undefined;
  if (!isPackageTag(tag)) {
    await checkChildren(tag, image.manifest, context);
    return undefined;
  }
  return checkPackage(tag, image, context);
}

async function checkPackage(
  tag: string,
  { manifest }: FetchedManifest,
  context: ImageCheckContext,
): Promise<SpecDocument | undefined> {
  if (isImageIndex(manifest) || manifest.layers.length === 0) {
    context.report(finding("foreign", tag, "is an image, but no Spack package"));
    await checkChildren(tag, manifest, context);
    return undefined;
  }
  const config = await attempt(tag, "missing-blob", context, () => readConfig(tag, manifest, context));
  await checkLayers(tag, manifest, config, context);
  if (config === undefined) return undefined;
  const { document } = config;
  const expected = packageTag(document.root);
  if (expected !== tag) context.report(finding("wrong-tag", tag, `is the package of ${expected}`));
  if (context.deep) {
    for (const what of wrongHashes(document)) context.report(finding("corrupt", tag, what));
  }
  return document;
}

async function readConfig(
  tag: string,
  { config }: ImageManifest,
  { target, scheduler, content, signal }: ImageCheckContext,
): Promise<ImageConfig> {
  const bytes = await scheduler.light(() => fetchBytes(target, config, { limit: largestConfig, signal }));
  content.seen(config);
  return parseImageConfig(bytes.toString("utf8"), `${target.name}:${tag}`);
}

async function checkLayers(
  tag: string,
  { layers }: ImageManifest,
  config: ImageConfig | undefined,
  context: ImageCheckContext,
): Promise<void> {
  const diffIds = config?.diffIds ?? [];
  if (config !== undefined && diffIds.length !== layers.length) {
    const what = `its config has ${diffIds.length} diff_ids for ${layers.length} layers`;
    context.report(finding("corrupt", tag, what));
  }
  const checks = layers.map((layer, at) => checkContent(tag, layer, context, diffIds[at]));
  await Promise.all(checks);
}

/** What an image of any kind refers to; the manifests of an index with all that is below them. */
async function checkChildren(tag: string, manifest: Manifest, context: ImageCheckContext): Promise<void> {
  await Promise.all(
    childrenOf(manifest).map((child) =>
      isManifestType(child.mediaType) ? checkChild(tag, child, context) : checkContent(tag, child, context),
    ),
  );
}

async function checkChild(tag: string, child: Descriptor, context: ImageCheckContext): Promise<void> {
  const { target, scheduler, signal } = context;
  const manifest = await attempt(tag, "missing-blob", context, async () => {
    const limit = MAX_FETCHED_MANIFEST_SIZE;
    const bytes = await scheduler.light(() => fetchBytes(target, child, { limit, signal }));
    return parseManifest(bytes, `${target.name}@${child.digest}`);
  });
  if (manifest !== undefined) await checkChildren(tag, manifest, context);
}

async function checkContent(
  tag: string,
  descriptor: Descriptor,
  { content, report }: ImageCheckContext,
  diffId?: string,
): Promise<void> {
  if (!isDistributable(descriptor)) return;
  const found = await content.check(tag, descriptor, diffId);
  if (found !== undefined) report(found);
}

/** The result, or undefined where it was reported why there is none. */
async function attempt<T>(
  tag: string,
  missing: FindingKind,
  { report, signal }: ImageCheckContext,
  task: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await task();
  } catch (error) {
    signal?.throwIfAborted();
    report(findingOf(tag, asSpackOciError(error), missing));
    return undefined;
  }
}
