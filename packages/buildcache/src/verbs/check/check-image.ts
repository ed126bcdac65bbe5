// Checks one tag, of a package or any other image, and everything that it refers to.

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
} from "@spack-oci/oci-client";
import type { SpecDocument } from "@spack-oci/spack-spec";
import { MAX_CONFIG_SIZE } from "../../failures/content-limits.js";
import { asSpackOciError } from "../../failures/failure.js";
import { findingOf } from "../../findings/error-finding.js";
import { type Finding, type FindingKind, finding } from "../../findings/finding.js";
import { type ImageConfig, parseImageConfig } from "../../package-image/image-config.js";
import { isPackageTag, packageTag } from "../../package-image/tags.js";
import type { Run } from "../../schedule/run.js";
import type { VerifiedTarget } from "../../trust/image-verifier.js";
import type { ContentCheck } from "./content-check.js";
import type { HashCheck } from "./hash-check.js";

export interface ImageCheckContext {
  readonly target: VerifiedTarget;
  readonly content: ContentCheck;
  /** Undefined unless the check is deep. */
  readonly hashes: HashCheck | undefined;
  readonly report: (finding: Finding) => void;
  readonly run: Run;
}

/** @returns the spec of a package; undefined if it is not a package, or cannot be read */
export async function checkTag(tag: string, context: ImageCheckContext): Promise<SpecDocument | undefined> {
  const { target, run } = context;
  const image = await attempt({ tag, missing: "tag-gone" }, context, () =>
    run.scheduler.request(() => fetchManifest(target, tag, run)),
  );
  if (image === undefined) return undefined;
  if (!isPackageTag(tag)) {
    await checkChildren(tag, image.manifest, context);
    return undefined;
  }
  await attempt({ tag, missing: "untrusted" }, context, () =>
    run.scheduler.request(async () =>
      target.verifier?.verify(target, { tag, bytes: image.bytes }, run.signal),
    ),
  );
  return checkPackage(tag, image, context);
}

async function checkPackage(
  tag: string,
  { manifest }: FetchedManifest,
  context: ImageCheckContext,
): Promise<SpecDocument | undefined> {
  if (isImageIndex(manifest) || manifest.layers.length === 0) {
    context.report(finding("foreign", { tag, what: "is an image, but not a Spack package" }));
    await checkChildren(tag, manifest, context);
    return undefined;
  }
  const config = await attempt({ tag, missing: "missing-blob" }, context, () =>
    readConfig(tag, manifest, context),
  );
  await checkLayers(tag, { layers: manifest.layers, config }, context);
  if (config === undefined) return undefined;
  const { document } = config;
  const expected = packageTag(document.root);
  if (expected !== tag) context.report(finding("wrong-tag", { tag, what: `is the package of ${expected}` }));
  const own = manifest.layers.at(-1);
  if (own !== undefined) context.hashes?.add(tag, document, own);
  return document;
}

async function readConfig(
  tag: string,
  { config }: ImageManifest,
  { target, content, run }: ImageCheckContext,
): Promise<ImageConfig> {
  const { scheduler, signal } = run;
  const bytes = await scheduler.request(() => fetchBytes(target, config, { limit: MAX_CONFIG_SIZE, signal }));
  content.seen(config);
  return parseImageConfig(bytes.toString("utf8"), `${target.name}:${tag}`);
}

async function checkLayers(
  tag: string,
  { layers, config }: Pick<ImageManifest, "layers"> & { readonly config: ImageConfig | undefined },
  context: ImageCheckContext,
): Promise<void> {
  const diffIds = config?.diffIds ?? [];
  if (config !== undefined && diffIds.length !== layers.length) {
    const what = `its config has ${diffIds.length} diff_ids for ${layers.length} layers`;
    context.report(finding("corrupt", { tag, what }));
  }
  const checks = layers.map((layer, at) =>
    checkContent({ tag, descriptor: layer, diffId: diffIds[at] }, context),
  );
  await Promise.all(checks);
}

/** Everything that an image refers to; for an image index, its manifests with all of their content. */
async function checkChildren(tag: string, manifest: Manifest, context: ImageCheckContext): Promise<void> {
  await Promise.all(
    childrenOf(manifest).map((child) =>
      isManifestType(child.mediaType)
        ? checkChild(tag, child, context)
        : checkContent({ tag, descriptor: child }, context),
    ),
  );
}

async function checkChild(tag: string, child: Descriptor, context: ImageCheckContext): Promise<void> {
  const { target, run } = context;
  const manifest = await attempt({ tag, missing: "missing-blob" }, context, async () => {
    const limit = MAX_FETCHED_MANIFEST_SIZE;
    const bytes = await run.scheduler.request(() => fetchBytes(target, child, { limit, signal: run.signal }));
    return parseManifest(bytes, `${target.name}@${child.digest}`);
  });
  if (manifest !== undefined) await checkChildren(tag, manifest, context);
}

/** Content that an image refers to. */
interface ReferredContent {
  readonly tag: string;
  readonly descriptor: Descriptor;
  /** The digest of the decompressed layer. */
  readonly diffId?: string | undefined;
}

async function checkContent(
  { tag, descriptor, diffId }: ReferredContent,
  { content, report }: ImageCheckContext,
): Promise<void> {
  if (!isDistributable(descriptor)) return;
  const found = await content.check(tag, descriptor, diffId);
  if (found !== undefined) report(found);
}

/** The result, or undefined if the failure was reported. */
async function attempt<T>(
  { tag, missing }: { readonly tag: string; readonly missing: FindingKind },
  { report, run }: ImageCheckContext,
  task: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await task();
  } catch (error) {
    run.signal?.throwIfAborted();
    report(findingOf(tag, asSpackOciError(error), missing));
    return undefined;
  }
}
