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
  subjectOfAttachedTag,
} from "@spack-oci/oci-client";
import type { SpecDocument } from "@spack-oci/spack-spec";
import { MAX_CONFIG_SIZE } from "../../failures/content-limits.js";
import { asSpackOciError } from "../../failures/failure.js";
import { findingOf } from "../../findings/error-finding.js";
import { type Finding, type FindingKind, finding } from "../../findings/finding.js";
import { type ImageConfig, parseImageConfig } from "../../package-image/image-config.js";
import { contradictionIn } from "../../package-image/require-consistent.js";
import { isPackageTag, packageTag } from "../../package-image/tags.js";
import type { Run } from "../../schedule/run.js";
import type { VerifiedTarget } from "../../trust/image-verifier.js";
import type { ContentCheck } from "./content-check.js";
import type { HashCheck } from "./hash-check.js";

export interface ImageCheckContext {
  readonly target: VerifiedTarget;
  readonly content: ContentCheck;
  readonly hashes: HashCheck;
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
    await checkSubject(tag, context);
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
  const own = isImageIndex(manifest) ? undefined : manifest.layers.at(-1);
  if (isImageIndex(manifest) || own === undefined) {
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
  const contradiction = contradictionIn({ layers: manifest.layers, layer: own }, config);
  if (contradiction !== undefined) context.report(finding("corrupt", { tag, what: contradiction }));
  const expected = packageTag(document.root);
  if (expected !== tag) context.report(finding("wrong-tag", { tag, what: `is the package of ${expected}` }));
  context.hashes.add(tag, document, own);
  const wrong = await context.content.checkSpec(tag, own, document.root.hash);
  if (wrong !== undefined) context.report(wrong);
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

/** A tag whose name says that it belongs to an image, such as a list of referrers. */
async function checkSubject(tag: string, context: ImageCheckContext): Promise<void> {
  const { target, report, run } = context;
  const subject = subjectOfAttachedTag(tag);
  if (subject === undefined) return;
  try {
    await run.scheduler.request(() => target.resolve(subject, run));
  } catch (thrown) {
    run.signal?.throwIfAborted();
    const error = asSpackOciError(thrown);
    const isMissing = error.kind === "not-found";
    const what = `is attached to ${subject}, which does not exist`;
    report(isMissing ? finding("dangling", { tag, what }) : findingOf(tag, error, "dangling"));
  }
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
