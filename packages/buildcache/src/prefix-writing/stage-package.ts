// Unpacks a layer as it arrives, and relocates its files on disk.

import {
  type BuildInfo,
  type OnRefusal,
  relocatePrefix,
  relocationMap,
  unpackLayer,
} from "@spack-oci/spack-tarball";
import type { RelocationPlan } from "./relocation-plan.js";
import { writeSplicedSpec } from "./spliced-spec.js";

/** A package in its staging directory, without its post-install steps. */
export interface StagedPackage {
  readonly kind: "staged";
  readonly buildInfo: BuildInfo;
  readonly memberPrefix: string;
  readonly seconds: PhaseSeconds;
}

/** Durations of the parts of an install. Fetching and verifying happen while unpacking, and count as that. */
export interface PhaseSeconds {
  readonly unpacking: number;
  readonly relocating: number;
}

export interface StageContext {
  readonly plan: RelocationPlan;
  readonly onRefusal: OnRefusal;
  /** Called when everything is unpacked. */
  readonly onUnpacked: () => void;
}

/** @param staging a directory that does not exist yet; after an error its content is undefined */
export async function stagePackage(
  layer: AsyncIterable<Buffer>,
  staging: string,
  { plan, onRefusal, onUnpacked }: StageContext,
): Promise<StagedPackage> {
  const began = performance.now();
  const { buildInfo, memberPrefix } = await unpackLayer(layer, staging, { onRefusal });
  const unpacked = performance.now();
  onUnpacked();
  await relocatePrefix(staging, buildInfo, relocationMap(buildInfo, plan));
  if (plan.splicedSpec !== undefined) await writeSplicedSpec(staging, plan.splicedSpec);
  const relocated = performance.now();
  return {
    kind: "staged",
    buildInfo,
    memberPrefix,
    seconds: { unpacking: (unpacked - began) / 1000, relocating: (relocated - unpacked) / 1000 },
  };
}
