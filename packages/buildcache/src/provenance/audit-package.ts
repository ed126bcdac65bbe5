// Audits one package: which layer it has, and where that was packed.

import type { Descriptor, Digest, Target } from "@spack-oci/oci-client";
import { isRuntimeDependency, type SpecNode } from "@spack-oci/spack-spec";
import type { IndexDocument } from "@spack-oci/spack-store";
import type { PackageName } from "../events/events.js";
import { readPackageImage, readPackageManifest } from "../package-image/read-image.js";
import { hashInTag } from "../package-image/tags.js";
import type { Run } from "../schedule/run.js";
import { keepOrigin, type PackageOrigin, readKeptOrigin, summarizeOrigin } from "./package-origin.js";
import { type PackagePlace, placeOf } from "./package-place.js";
import { type LayerReadingWay, readLayerOrigin } from "./read-layer-origin.js";

export interface AuditedPackage {
  readonly tag: string;
  readonly package: PackageName;
  /** Digest of its own layer. */
  readonly layer: Digest;
  /** Undefined where its layer does not tell. */
  readonly place: PackagePlace | undefined;
  /** What the package may name of others; undefined where its layer was not read to where it says so. */
  readonly otherPrefixes: readonly string[] | undefined;
  /** Undefined where that is unknown. */
  readonly hasBinaries: boolean | undefined;
  /** The Spack that built it, in its own words; undefined where the start of the layer does not tell. */
  readonly spackVersion: string | undefined;
  /** How the layer was read; `kept` where an earlier run has read it. */
  readonly way: LayerReadingWay | "kept";
  /** Requests for the layer. */
  readonly requests: number;
  /** Bytes taken of the layer. */
  readonly bytes: number;
  /** DAG hashes of what it directly links and runs with. */
  readonly runtimeDependencies: readonly string[];
}

export interface PackageAuditContext {
  readonly target: Target;
  readonly index: IndexDocument | undefined;
  /** Reads layers until they say themselves where they were packed. */
  readonly deep: boolean;
}

/** @throws SpackOciError of the target, of `readPackageImage` and of `readProvenance` */
export async function auditPackage(
  tag: string,
  context: PackageAuditContext,
  { scheduler, signal }: Run,
): Promise<AuditedPackage> {
  const { node, layer } = await scheduler.request(() => findLayer(tag, context, signal));
  const known = await readPackageOrigin(layer, node, { ...context, signal });
  return describe({ tag, node, layer: layer.digest, ...known });
}

/** What is known of where a package was packed, and what it cost to find out. */
export interface KnownOrigin extends Pick<AuditedPackage, "way" | "requests" | "bytes"> {
  readonly origin: PackageOrigin;
}

export interface OriginContext extends Pick<PackageAuditContext, "target" | "deep"> {
  readonly signal: AbortSignal | undefined;
}

/** From an earlier run, or from the layer. */
export async function readPackageOrigin(
  layer: Descriptor,
  node: SpecNode,
  { target, deep, signal }: OriginContext,
): Promise<KnownOrigin> {
  const isEnough = (origin: PackageOrigin) => {
    const place = placeOf(origin, node);
    return place !== undefined && (!deep || place.by === "binary_distribution");
  };
  const kept = await readKeptOrigin(target, layer.digest);
  if (kept !== undefined && isEnough(kept)) return { origin: kept, way: "kept", requests: 0, bytes: 0 };
  const { way, requests, bytes, ...reading } = await readLayerOrigin(target, layer, {
    isEnough: (origin) => isEnough(summarizeOrigin(origin)),
    signal,
  });
  const origin = summarizeOrigin(reading.origin);
  await keepOrigin(target, layer.digest, origin);
  return { origin, way, requests, bytes };
}

/** The index knows specs already; of what it does not know, the config is read. */
async function findLayer(
  tag: string,
  { target, index }: PackageAuditContext,
  signal: AbortSignal | undefined,
) {
  const node = index?.records.get(hashInTag(tag) ?? "")?.spec;
  if (node === undefined) {
    const image = await readPackageImage(target, tag, signal);
    return { node: image.document.root, layer: image.layer.descriptor };
  }
  const { layer } = await readPackageManifest(target, tag, signal);
  return { node, layer };
}

interface ReadPackage extends KnownOrigin {
  readonly tag: string;
  readonly node: SpecNode;
  readonly layer: Digest;
}

function describe({ tag, node, layer, origin, way, requests, bytes }: ReadPackage): AuditedPackage {
  const { name, version, hash } = node;
  return {
    tag,
    package: { name, version, hash },
    layer,
    place: placeOf(origin, node),
    otherPrefixes: origin.install?.otherPrefixes,
    hasBinaries: origin.install?.hasBinaries,
    spackVersion: origin.spackVersion,
    way,
    requests,
    bytes,
    runtimeDependencies: node.dependencies.filter(isRuntimeDependency).map((dependency) => dependency.hash),
  };
}
