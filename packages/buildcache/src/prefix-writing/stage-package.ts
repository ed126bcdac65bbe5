// Writes a package into its staging directory as its layer arrives.

import { isDeepStrictEqual } from "node:util";
import { SpackOciError } from "@spack-oci/errors";
import { ArrivingPrefix, type PackagePermissions } from "@spack-oci/spack-store";
import {
  type Allowance,
  ArrivingRelocation,
  type LayerArchive,
  type OnRefusal,
  RunPaths,
  relocationMap,
  streamPackage,
} from "@spack-oci/spack-tarball";
import { ArrivingPackage } from "./arriving-package.js";
import { type ExpectedLayer, requireDiffId, requireOwnSpec } from "./expected-layer.js";
import { type FinishContext, finishStaged } from "./finish-staged.js";
import type { KnownPackage } from "./known-package.js";
import type { RelocationPlan } from "./relocation-plan.js";
import { readStagedSpec, SPEC_PATH, writeSplicedSpec } from "./spliced-spec.js";

/** A package in its staging directory, without what depends on other packages. */
export interface StagedPackage extends KnownPackage {
  readonly kind: "staged";
  /** The digest of the decompressed layer. */
  readonly diffId: string;
  /** Call once the packages that it runs with are in place. Returns the fingerprint of the prefix. */
  finish(context: FinishContext): Promise<string>;
  /** Call once the package is finished, or will not be. */
  forget(): void;
}

export interface StageContext {
  readonly plan: RelocationPlan;
  readonly permissions: PackagePermissions;
  /** Whether run paths that do not exist will be dropped, as on Linux. */
  readonly dropsRpaths: boolean;
  /** What the last member of the layer says, if it was read before. */
  readonly known?: KnownPackage | undefined;
  /** What its image says about the layer. */
  readonly expected: ExpectedLayer;
  /** For files in memory. */
  readonly allowance: Allowance;
  /** For what is remembered of the files that were written. */
  readonly remembered: Allowance;
  readonly onRefusal: OnRefusal;
  /** Called with the files that were signed with an identity, and are signed ad hoc now. */
  readonly onIdentitiesLost: (files: readonly string[]) => void;
  /** Called when everything is unpacked. */
  readonly onUnpacked: () => void;
}

/**
 * @param staging a directory that does not exist yet; after an error its content is undefined
 * @throws SpackOciError `ERR_LAYER_END` if the layer contradicts what is known of it; as `requireDiffId`,
 *   `requireOwnSpec`, `streamPackage`, `ArrivingRelocation` and `ArrivingPrefix` do
 */
export async function stagePackage(
  archive: LayerArchive,
  staging: string,
  context: StageContext,
): Promise<StagedPackage> {
  const { plan } = context;
  const prefix = new ArrivingPrefix({
    ...context,
    sbangPath: plan.sbangInstallPath,
    platform: plan.platform,
  });
  try {
    return await stageInto(prefix, archive, { ...context, staging });
  } catch (error) {
    prefix.forget();
    throw error;
  }
}

async function stageInto(
  prefix: ArrivingPrefix,
  archive: LayerArchive,
  context: StageContext & { readonly staging: string },
): Promise<StagedPackage> {
  const { staging, plan, known, expected, allowance, onUnpacked } = context;
  const began = performance.now();
  const relocationOf = ({ buildInfo }: KnownPackage) =>
    new ArrivingRelocation(buildInfo, {
      map: relocationMap(buildInfo, plan),
      platform: plan.platform,
      onIdentityLost: (file) => lost.push(file),
    });
  const lost: string[] = [];
  const runPaths = context.dropsRpaths ? new RunPaths() : undefined;
  const early = known && { memberPrefix: known.memberPrefix, relocation: relocationOf(known) };
  const writer = new ArrivingPackage({ prefix, known: early, runPaths, allowance });
  const { diffId, ...found } = await streamPackage(archive, { directory: staging, writer });
  if (known !== undefined && !isDeepStrictEqual(known, found)) throw contradiction(known.memberPrefix);
  requireDiffId(diffId, expected);
  requireOwnSpec(writer.spec ?? (await readStagedSpec(staging)), expected);
  const unpacked = performance.now();
  onUnpacked();
  const { relocation } = early ?? { relocation: relocationOf(found) };
  const nameOf = (path: string) => `${found.memberPrefix}/${path}`;
  for (const path of await relocation.finish(staging)) prefix.revisit(nameOf(path));
  context.onIdentitiesLost(lost);
  if (plan.splicedSpec !== undefined) {
    await writeSplicedSpec(staging, plan.splicedSpec);
    prefix.revisit(nameOf(SPEC_PATH));
  }
  const relocated = performance.now();
  const seconds = { unpacking: (unpacked - began) / 1000, relocating: (relocated - unpacked) / 1000 };
  const unfinished = { memberPrefix: found.memberPrefix, prefix, runPaths, seconds };
  return {
    kind: "staged",
    ...found,
    diffId,
    finish: (finishing) => finishStaged(staging, unfinished, finishing),
    forget: () => prefix.forget(),
  };
}

function contradiction(place: string): SpackOciError {
  return new SpackOciError(
    "ERR_LAYER_END",
    "The end of the layer, read by itself, is not the end of the whole layer.",
    {
      kind: "corrupt",
      place,
      hint: "The registry answers requests for parts of a layer incorrectly.",
    },
  );
}
