// Defines what a push is asked to do.

import type { Store } from "@spack-oci/spack-store";
import type { Compression } from "@spack-oci/spack-tarball";
import type { BillRequest } from "../../bills/bills-of-package.js";
import type { ProvenanceRequest } from "../../build-statement/attach-provenance.js";
import type { SpecRequest } from "../../catalog/spec-request.js";
import type { PrefixInspections } from "../../image-env/inspect-prefix.js";
import type { InstallTreeRequest } from "../../install-tree/install-tree.js";
import type { RememberedInstallTree } from "../../install-tree/resolve-install-tree.js";
import type { ImageSource } from "../../package-image/base-image.js";
import type { Annotations } from "../../package-image/image-manifest.js";
import type { SpackQuery } from "../../recipe-env/spack-query.js";
import type { ReuseSources } from "../../reuse/find-reusable-layers.js";
import type { Buildcache } from "../../schedule/run.js";
import type { ImageSigner } from "../../trust/image-signer.js";

export interface PushRequest extends SpecRequest {
  /** Pushes packages even if they already exist. */
  readonly force?: boolean | undefined;
  /** Pushes only the named packages, or only their dependencies; both by default. */
  readonly only?: "package" | "dependencies" | undefined;
  /** Includes installed build dependencies, as Spack does; true by default. */
  readonly withBuildDependencies?: boolean | undefined;
  /**
   * Treats build dependencies that are not installed as failures, and a root that is shorter than those of the packages
   * in the buildcache.
   */
  readonly strict?: boolean | undefined;
  /** All or nothing: tags nothing unless every package is installed and every layer was sent. */
  readonly failFast?: boolean | undefined;
  /** Specs to leave out. */
  readonly exclude?: readonly string[] | undefined;
  /** Leaves out packages that this buildcache has. */
  readonly excludeMirror?: Buildcache | undefined;
  /** Also puts the named packages and their run dependencies into one image with this tag. */
  readonly tag?: string | undefined;
  /** Updates the package index afterwards. */
  readonly updateIndex?: boolean | undefined;
  /** Plans, and stops. */
  readonly dryRun?: boolean | undefined;
  /** Packs packages as though they were installed in this tree; by default in the buildcache's own, if it has one. */
  readonly relocateTo?: InstallTreeRequest | undefined;
  /** The install tree that the user's configuration has for the buildcache. */
  readonly rememberedInstallTree?: RememberedInstallTree | undefined;
  /** Stores whose packages the store uses: they are pushed like its own, if its own need them or they are named. */
  readonly upstreams?: readonly Store[] | undefined;
  /** The prefix of the store's Spack, which layers record for information. */
  readonly spackPrefix?: string | undefined;
  /** How layers are compressed; gzip by default, which every Spack reads. */
  readonly compression?: Compression | undefined;
  /** The base image to put packages on top of. */
  readonly baseImage?: ImageSource | undefined;
  /** Variables of images by the directory of a prefix that is prepended to them; Spack's defaults if undefined. */
  readonly prefixInspections?: PrefixInspections | undefined;
  /** Has Spack compute the environments of images, instead of deriving them without running recipes. */
  readonly spackQuery?: SpackQuery | undefined;
  /** The creation time of images; now by default. */
  readonly createdAt?: Date | undefined;
  /** Annotations of every image besides Spack's own; Docker's format does not support them. */
  readonly annotations?: Annotations | undefined;
  /** Attaches bills of materials to the images of packages that are pushed. */
  readonly bills?: BillRequest | undefined;
  /** Attaches a statement about how they were built to the images of packages that are packed. */
  readonly provenance?: ProvenanceRequest | undefined;
  /**
   * Reuses the original layers of unchanged packages that came from a buildcache; if undefined, every package is
   * packed.
   */
  readonly reuse?: ReuseSources | undefined;
  /** Signs the images that are pushed; those that exist stay as they are. */
  readonly signer?: ImageSigner | undefined;
}
