// The verb sign: signs packages that a buildcache already has.

import type { Digest } from "@spack-oci/oci-client";
import { runtimeClosure, type SpecNode } from "@spack-oci/spack-spec";
import { findPackages } from "../../catalog/find-packages.js";
import { asSpackOciError, type Failed, orFailed } from "../../failures/failure.js";
import { inspectPackageImage } from "../../package-image/read-image.js";
import { requireSpec } from "../../package-image/require-spec.js";
import { hashInTag, packageTag } from "../../package-image/tags.js";
import { type MergeIndexResult, mergeIndex } from "../../package-index/merge-index.js";
import { resolveIndex } from "../../package-index/read-index.js";
import { packageTags } from "../../package-index/scan-tags.js";
import type { Buildcache, Run, VerbContext } from "../../schedule/run.js";
import type { ImageSigner } from "../../trust/image-signer.js";

export interface SignRequest {
  /** As on a command line; every package if empty. */
  readonly specs: readonly string[];
  readonly signer: ImageSigner;
  /** Signs only the named packages, not their link and run dependencies. */
  readonly only?: boolean | undefined;
  /** Lists what would be signed, and stops. */
  readonly dryRun?: boolean | undefined;
}

/** What became of one package. */
export type SignedTag = { readonly tag: string } & (
  | { readonly outcome: "signed" | "present" | "planned"; readonly digest: Digest }
  | ({ readonly outcome: "failed" } & Failed)
);

export interface SignResult {
  /** Sorted by tag. */
  readonly tags: readonly SignedTag[];
  /** The package index, or why it could not be signed; undefined if there is none, or nothing was signed. */
  readonly index: MergeIndexResult | Failed | undefined;
}

/**
 * Vouches for the packages that are under their tags now, no matter who pushed them. A package that the signer's key has
 * signed before is left alone, and one that fails does not stop the others. The package index is brought up to date with
 * the tags, and signed again, which shows readers that it is not an old one.
 *
 * @throws SpackOciError if tags cannot be listed, and `ERR_SPEC_NOT_FOUND`
 */
export async function sign(
  mirror: Buildcache,
  request: SignRequest,
  { run }: VerbContext,
): Promise<SignResult> {
  const { scheduler, listener, signal } = run;
  const tags = await chosenTags(mirror, request, run);
  listener?.({ type: "planned", todo: tags.length, present: 0 });
  const results = await Promise.all(
    tags.map((tag) =>
      scheduler.transfer(async (): Promise<SignedTag> => {
        try {
          return await signTag(mirror, tag, { ...request, signal });
        } catch (error) {
          signal?.throwIfAborted();
          return { tag, outcome: "failed", error: asSpackOciError(error) };
        } finally {
          listener?.({ type: "checked", tag });
        }
      }),
    ),
  );
  const index = request.dryRun === true ? undefined : await signIndex(mirror, request, run);
  return { tags: results, index };
}

async function signIndex(
  mirror: Buildcache,
  { signer }: SignRequest,
  run: Run,
): Promise<MergeIndexResult | Failed | undefined> {
  if ((await resolveIndex(mirror, run.signal)) === undefined) return undefined;
  return orFailed(() => mergeIndex(mirror, { signer, renew: true }, run), run.signal);
}

async function signTag(
  mirror: Buildcache,
  tag: string,
  { signer, dryRun, signal }: SignRequest & { readonly signal: AbortSignal | undefined },
): Promise<SignedTag> {
  const { fetched, document } = await inspectPackageImage(mirror, tag, signal);
  const { descriptor } = fetched;
  // A signature must not make one package pass for another.
  const hash = hashInTag(tag);
  if (hash !== undefined) requireSpec(document.root, { hash, place: `${mirror.name}:${tag}` });
  const { digest } = descriptor;
  if (await signer.hasSigned(mirror, descriptor, signal)) return { tag, outcome: "present", digest };
  if (dryRun === true) return { tag, outcome: "planned", digest };
  await signer.sign(mirror, descriptor, signal);
  return { tag, outcome: "signed", digest };
}

async function chosenTags(
  mirror: Buildcache,
  { specs, only = false }: SignRequest,
  run: Run,
): Promise<readonly string[]> {
  const tags = await packageTags(mirror, run.signal);
  if (specs.length === 0) return tags;
  const { catalog, chosen } = await findPackages([mirror], { specs, inspect: true }, run);
  const isPackage = (node: SpecNode) => node.external === undefined;
  const hashes = chosen.map(({ hash }) => hash);
  const wanted = only ? chosen : runtimeClosure(catalog.graph, hashes).filter(isPackage);
  const names = new Set(wanted.map(packageTag));
  return tags.filter((tag) => names.has(tag));
}
