// The authorities behind keyless signatures: who issues certificates, and who keeps the logs.

import { join } from "node:path";
import type { TrustMaterial } from "@sigstore/verify";
import { SpackOciError } from "@spack-oci/errors";
import { cacheDirectory } from "@spack-oci/oci-client";
import { reasonFor } from "../errors.js";
import { readSmallFile } from "../keys/read-small-file.js";
import { MAX_POLICY_SIZE } from "../limits.js";

/** Reads the authorities, once. */
export type TrustMaterialSource = () => Promise<TrustMaterial>;

/** Where the public instance's authorities come from; the defaults are built into the library. */
export interface TufRepository {
  readonly mirrorURL?: string;
  readonly rootPath?: string;
}

/**
 * The authorities in a file with a trusted root (sigstore protobuf-specs, `TrustedRoot` in JSON), for private instances
 * and machines without a network.
 */
export function trustedRootFile(path: string): TrustMaterialSource {
  return once(async () => {
    const { TrustedRoot } = await import("@sigstore/protobuf-specs");
    const { toTrustMaterial } = await import("@sigstore/verify");
    try {
      const value: unknown = JSON.parse(readSmallFile(path, MAX_POLICY_SIZE).text);
      return toTrustMaterial(TrustedRoot.fromJSON(value));
    } catch (cause) {
      throw new SpackOciError("ERR_TRUSTED_ROOT", `${path} is not a trusted root: ${reasonFor(cause)}.`, {
        kind: "usage",
        place: path,
        cause,
        hint: "Use a trusted_root.json of Sigstore, for example from: cosign trusted-root create.",
      });
    }
  });
}

/**
 * The authorities of Sigstore's public instance, updated by The Update Framework and kept in the user's cache. Those of a
 * private instance if `SPACK_OCI_TUF_URL` names its repository, and `SPACK_OCI_TUF_ROOT` a file with its first root.
 */
export function publicTrustedRoot(
  environment: NodeJS.ProcessEnv,
  repository: TufRepository = repositoryOf(environment),
): TrustMaterialSource {
  return once(async () => {
    const { getTrustedRoot } = await import("@sigstore/tuf");
    const { toTrustMaterial } = await import("@sigstore/verify");
    const cachePath = join(cacheDirectory(environment), "spack-oci", "sigstore");
    try {
      return toTrustMaterial(await getTrustedRoot({ cachePath, ...repository }));
    } catch (cause) {
      const message = `The trusted root of Sigstore cannot be updated: ${reasonFor(cause)}.`;
      throw new SpackOciError("ERR_TRUSTED_ROOT", message, {
        kind: "unreachable",
        cause,
        hint: "Check the network, or name a file with --trusted-root FILE.",
      });
    }
  });
}

function repositoryOf({
  SPACK_OCI_TUF_URL: mirrorURL,
  SPACK_OCI_TUF_ROOT: rootPath,
}: NodeJS.ProcessEnv): TufRepository {
  return { ...(mirrorURL && { mirrorURL }), ...(rootPath && { rootPath }) };
}

function once(load: TrustMaterialSource): TrustMaterialSource {
  let loaded: Promise<TrustMaterial> | undefined;
  return () => {
    loaded ??= load();
    return loaded;
  };
}
