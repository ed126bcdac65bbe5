// Reads what an image needs to know about a package in it: its layer, its prefix there, and its own image's
// variables.

import { SpackOciError } from "@spack-oci/errors";
import type { SpecNode } from "@spack-oci/spack-spec";
import { readProvenanceAtStart } from "@spack-oci/spack-tarball";
import { describePackage } from "../../events/events.js";
import { asSpackOciError } from "../../failures/failure.js";
import { imagePackages } from "../../package-image/image-packages.js";
import type { PackageLayer } from "../../package-image/package-layer.js";
import { readImageOf } from "../../package-image/read-image.js";
import { environmentIn } from "../../package-image/runnable-config.js";
import type { VerifiedTarget } from "../../trust/image-verifier.js";

/** A package that goes into an image. */
export interface ImageMember {
  readonly node: SpecNode;
  readonly layer: PackageLayer;
  /** The package's prefix in the layer; absolute. */
  readonly prefix: string;
  /** `config.Env` of the package's own image. */
  readonly environment: readonly string[];
  /** Whether that image is on top of a base image, whose variables it includes. */
  readonly hasBase: boolean;
  /** Undefined if an old Spack packed it. */
  readonly packedAt: Date | undefined;
}

/**
 * Reads the package's image and the beginning of its layer, which also proves that the layer exists.
 *
 * @throws SpackOciError `ERR_MEMBER_UNREADABLE` with the kind of its cause
 */
export async function readMember(
  target: VerifiedTarget,
  node: SpecNode,
  signal?: AbortSignal,
): Promise<ImageMember> {
  try {
    const { layer, layers, config, document } = await readImageOf(target, node, signal);
    if (layer.diffId === "") throw new Error("its config does not match its layers");
    const { prefix } = await readProvenanceAtStart(await target.fetch(layer.descriptor, { signal }));
    if (prefix === undefined) {
      throw new SpackOciError("ERR_NOT_A_PACKAGE", "its layer has no .spack directory", {
        kind: "corrupt",
        place: layer.descriptor.digest,
      });
    }
    return {
      node,
      layer,
      prefix,
      environment: environmentIn(config.json),
      hasBase: layers.length > imagePackages(document.graph, [node.hash]).length,
      packedAt: config.packedAt,
    };
  } catch (thrown) {
    signal?.throwIfAborted();
    const cause = asSpackOciError(thrown);
    const what = describePackage(node);
    throw new SpackOciError(
      "ERR_MEMBER_UNREADABLE",
      `Could not put ${what} into an image: ${cause.message}`,
      {
        kind: cause.kind,
        place: cause.place,
        hint: cause.hint ?? `Push it again with "--force".`,
        cause,
      },
    );
  }
}
