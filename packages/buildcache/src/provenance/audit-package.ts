// Audits one package: which layer it has, and where that was packed.

import type { Descriptor, Digest, Target } from "@spack-oci/oci-client";
import { isRuntimeDependency, type SpecNode } from "@spack-oci/spack-spec";
import type { PackageIndex } from "@spack-oci/spack-store";
import type { PackageName } from "../events/events.js";
import { inspectPackageImage, inspectPackageManifest } from "../package-image/read-image.js";
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
  /** Undefined if its layer does not reveal it. */
  readonly place: PackagePlace | undefined;
  /** Prefixes of other packages that this one may refer to; undefined if that part of its layer was not read. */
  readonly otherPrefixes: readonly string[] | undefined;
  /** Undefined if unknown. */
  readonly hasBinaries: boolean | undefined;
  /** The version and commit of the Spack that built it; undefined if the start of the layer does not reveal it. */
  readonly spackVersion: string | undefined;
  /** How the layer was read; `kept` if an earlier run did. */
  readonly way: LayerReadingWay | "kept";
  /** Requests for the layer. */
  readonly requests: number;
  /** Bytes read from the layer. */
  readonly bytes: number;
  /** DAG hashes of its direct link and run dependencies. */
  readonly runtimeDependencies: readonly string[];
}

export interface PackageAuditContext {
  readonly target: Target;
  readonly index: PackageIndex | undefined;
  /** Reads layers until they reveal where they were packed. */
  readonly deep: boolean;
}

/** @throws SpackOciError of the target, of `inspectPackageImage` and of `readProvenance` */
export async function auditPackage(
  tag: string,
  context: PackageAuditContext,
  { scheduler, signal }: Run,
): Promise<AuditedPackage> {
  const { node, layer } = await scheduler.request(() => findLayer(tag, context, signal));
  const known = await readPackageOrigin(layer, node, { ...context, signal });
  return describe({ tag, node, layer: layer.digest, ...known });
}

/** Where a package was packed, and the cost of finding out. */
export interface KnownOrigin extends Pick<AuditedPackage, "way" | "requests" | "bytes"> {
  readonly origin: PackageOrigin;
}

export interface OriginContext extends Pick<PackageAuditContext, "target" | "deep"> {
  readonly signal: AbortSignal | undefined;
}

/** Taken from an earlier run if possible, else from the layer. */
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

/** The specs in the index suffice; for a package that it does not list, the config is read. */
async function findLayer(
  tag: string,
  { target, index }: PackageAuditContext,
  signal: AbortSignal | undefined,
) {
  const node = index?.graph.get(hashInTag(tag) ?? "");
  if (node === undefined) {
    const image = await inspectPackageImage(target, tag, signal);
    return { node: image.document.root, layer: image.layer.descriptor };
  }
  const { layer } = await inspectPackageManifest(target, tag, signal);
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
